{{/* What the operator does in a namespace with clusters. No rule has a wildcard, and none a verb that it does not use. */}}
{{- define "pgmosaic.rules" -}}
# The clusters, splits and migrations that users declare. It never changes what they wrote.
- apiGroups: [pgmosaic.io]
  resources: [shardedclusters, shardsplits, schemamigrations]
  verbs: [get, list, watch]
# What it decided, before it does it, and what it found.
- apiGroups: [pgmosaic.io]
  resources: [shardedclusters/status, shardsplits/status, schemamigrations/status]
  verbs: [patch, update]
# API servers that check who may block the deletion of an owner demand this for the owner references of what it makes.
- apiGroups: [pgmosaic.io]
  resources: [shardedclusters/finalizers]
  verbs: [update]
# One for each shard, by server-side apply, of which create is a part. It deletes those of a shard that a split has emptied;
# with a cluster they go by their owner references.
- apiGroups: [apps]
  resources: [statefulsets]
  verbs: [get, list, watch, create, patch, delete]
# One for each shard, as above.
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch, delete]
# The Services of each shard, as above.
- apiGroups: [""]
  resources: [services]
  verbs: [get, list, watch, create, patch, delete]
# The accepted spec, the routers' settings and machine numbers, and the users' initial SQL.
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, list, watch, create, patch]
# Authorities, certificates (renewed by update) and passwords; those that the spec names. By name alone: it lists none.
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, create, update]
# It watches instances, patches the label of their role, and deletes a pod to have it made anew in a rolling change.
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, patch, delete]
# Finds the kept volumes of an earlier cluster of the same name.
- apiGroups: [""]
  resources: [persistentvolumeclaims]
  verbs: [list]
# The fencing Job that a spec may ask for.
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get, create]
# Tells what happened to a cluster; reads why a pod is refused, has no volume or does not start, which Events alone say.
- apiGroups: [""]
  resources: [events]
  verbs: [create, list]
{{- end }}

{{/* What it does outside of every namespace. */}}
{{- define "pgmosaic.clusterRules" -}}
{{- if .Values.topologyAccess.serviceAccounts }}
# Whose a token is that somebody shows who wants to read a topology.
- apiGroups: [authentication.k8s.io]
  resources: [tokenreviews]
  verbs: [create]
# Whether that one may, unless it is of the cluster's namespace.
- apiGroups: [authorization.k8s.io]
  resources: [subjectaccessreviews]
  verbs: [create]
{{- end }}
{{- if include "pgmosaic.readsNodes" . }}
# In which zone a database pod runs that does not say so itself. By name alone: it lists none.
- apiGroups: [""]
  resources: [nodes]
  verbs: [get]
{{- end }}
{{- if .Values.injection.enabled }}
# Keeps in it whom the API server is to trust.
- apiGroups: [admissionregistration.k8s.io]
  resources: [mutatingwebhookconfigurations]
  resourceNames: [{{ include "pgmosaic.clusterName" . }}]
  verbs: [get, patch]
{{- end }}
{{- if .Values.validation.enabled }}
# Keeps in it whom the API server is to trust.
- apiGroups: [admissionregistration.k8s.io]
  resources: [validatingwebhookconfigurations]
  resourceNames: [{{ include "pgmosaic.clusterName" . }}]
  verbs: [get, patch]
{{- end }}
{{- end }}

{{/* What it does in its own namespace, besides. */}}
{{- define "pgmosaic.ownRules" -}}
# Who leads.
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [pgmosaic-operator]
  verbs: [get, update]
# The authority that signs the topology endpoint's certificate, shared by all replicas.
- apiGroups: [""]
  resources: [secrets]
  resourceNames: [pgmosaic-operator-ca]
  verbs: [get]
# For the Lease, the first time: a name cannot be demanded of what does not exist yet.
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [create]
# For the authority, the first time.
- apiGroups: [""]
  resources: [secrets]
  verbs: [create]
{{- end }}
