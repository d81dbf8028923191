{{- define "pgmosaic.selector" -}}
app.kubernetes.io/name: pgmosaic-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "pgmosaic.commonLabels" -}}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: pgmosaic
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "pgmosaic.labels" -}}
app.kubernetes.io/name: pgmosaic-operator
{{ include "pgmosaic.commonLabels" . }}
{{- end }}

{{- define "pgmosaic.serviceAccount" -}}
{{ .Values.serviceAccount.name | default "pgmosaic-operator" }}
{{- end }}

{{- define "pgmosaic.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{/* Of every pod in this chart: what the restricted pod security standard demands. */}}
{{- define "pgmosaic.podSecurityContext" -}}
runAsNonRoot: true
{{- with .Values.runAsUser }}
runAsUser: {{ int64 . }}
{{- end }}
{{- with .Values.runAsGroup }}
runAsGroup: {{ int64 . }}
{{- end }}
{{- with .Values.fsGroup }}
fsGroup: {{ int64 . }}
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "pgmosaic.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* What a schema cannot say, or not in words that help. */}}
{{- define "pgmosaic.check" -}}
{{- if and .Values.metrics.serviceMonitor.enabled .Values.metrics.podMonitor.enabled }}
{{- fail "metrics.serviceMonitor and metrics.podMonitor are both enabled, and everything would be scraped twice: enable one" }}
{{- end }}
{{- if and (not .Values.serviceAccount.create) (not .Values.serviceAccount.name) }}
{{- fail "serviceAccount.create is false: name the ServiceAccount that exists in serviceAccount.name" }}
{{- end }}
{{- if and .Values.injection.enabled (not .Values.topologyAccess.serviceAccounts) }}
{{- fail "injected routers show a token of their service account: set topologyAccess.serviceAccounts=true, or injection.enabled=false" }}
{{- end }}
{{- $own := dict "PGMOSAIC_NAMESPACE" "the release's namespace" "PGMOSAIC_POD" "the pod's name" "PGMOSAIC_INSTANCE_IMAGE" "the value instanceImage" "PGMOSAIC_WATCH_NAMESPACES" "the value watchNamespaces" "PGMOSAIC_ROUTER_IMAGE" "the value routerImage" "PGMOSAIC_INJECTION_ENABLED" "the value injection.enabled" "PGMOSAIC_INJECTION_RESOURCES" "the value injection.resources" "PGMOSAIC_INJECTION_RUN_AS_USER" "the value injection.runAsUser" "PGMOSAIC_VALIDATION_ENABLED" "the value validation.enabled" "PGMOSAIC_ADMISSION_CONFIGURATION" "the release's namespace" "PGMOSAIC_TOPOLOGY_SERVICE_ACCOUNTS" "the value topologyAccess.serviceAccounts" }}
{{- range .Values.env }}
{{- if hasKey $own .name }}
{{- fail (printf "env sets %s, which the chart sets from %s: remove it from env" .name (get $own .name)) }}
{{- end }}
{{- end }}
{{- end }}

{{/* Of what stands outside of every namespace, for the operator of this one. */}}
{{- define "pgmosaic.clusterName" -}}
pgmosaic-operator.{{ .Release.Namespace }}
{{- end }}

{{/* Whether the API server is to call the operator. */}}
{{- define "pgmosaic.webhooks" -}}
{{- if or .Values.injection.enabled .Values.validation.enabled }}true{{ end }}
{{- end }}

{{/* Whether the operator may get nodes, which are in no namespace. */}}
{{- define "pgmosaic.readsNodes" -}}
{{- if and .Values.readNodes (not .Values.watchNamespaces) }}true{{ end }}
{{- end }}

{{/* Not the operator's name: nothing that selects the operator may select the pod of helm test. */}}
{{- define "pgmosaic.testSelector" -}}
app.kubernetes.io/name: pgmosaic-operator-test
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Where webhooks are called for. */}}
{{- define "pgmosaic.webhookNamespaces" -}}
{{- if .Values.watchNamespaces -}}
namespaceSelector:
  matchExpressions:
    - key: kubernetes.io/metadata.name
      operator: In
      values:
        {{- toYaml .Values.watchNamespaces | nindent 8 }}
{{- end }}
{{- end }}
