{{- define "pgmosaic.selector" -}}
app.kubernetes.io/name: pgmosaic-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "pgmosaic.labels" -}}
{{ include "pgmosaic.selector" . }}
app.kubernetes.io/part-of: pgmosaic
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* What the operator does in a namespace with clusters. */}}
{{- define "pgmosaic.rules" -}}
- apiGroups: [pgmosaic.io]
  resources: [shardedclusters]
  verbs: [get, list, watch, patch, update]
- apiGroups: [pgmosaic.io]
  resources: [shardedclusters/status]
  verbs: [get, patch, update]
# Owner references that block deletion need it.
- apiGroups: [pgmosaic.io]
  resources: [shardedclusters/finalizers]
  verbs: [update]
# Deleting is left to owner references.
- apiGroups: [apps]
  resources: [statefulsets]
  verbs: [get, list, watch, create, patch]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch]
- apiGroups: [""]
  resources: [services, configmaps]
  verbs: [get, list, watch, create, patch]
# By name alone: it lists no Secrets.
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, create, update, patch]
# Role labels.
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, patch]
- apiGroups: [""]
  resources: [persistentvolumeclaims]
  verbs: [get]
- apiGroups: [""]
  resources: [events]
  verbs: [create]
{{- end }}
