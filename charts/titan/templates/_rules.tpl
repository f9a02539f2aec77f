{{/* What roles share. local-cluster/titan_local/roles.yaml has the same rules for the embedded cluster; a test compares. */}}

{{/* Jobs may submit further work and use the store; they decide about no gate. */}}
{{- define "titan.jobRules" -}}
- apiGroups: [titan.io]
  resources: [titandags, titanjobs]
  verbs: [get, list, watch, create]
# A job that adds jobs to its own DAG raises spec.jobCount; the policy titan-requesters lets it change nothing else.
- apiGroups: [titan.io]
  resources: [titandags]
  verbs: [patch]
- apiGroups: [titan.io]
  resources: [titanapprovals]
  verbs: [get, list, watch]
- apiGroups: [store.titan.io]
  resources: [values, files]
  verbs: [get, list, watch, create, update, delete]
- apiGroups: [store.titan.io]
  resources: [logs, outcomes]
  verbs: [get, list, watch, create]
{{- end }}

{{/* People in the store; also on its page, where the kinds can only be looked at as this shared identity. */}}
{{- define "titan.clientRules" -}}
- apiGroups: [titan.io]
  resources: [titandags, titanjobs, titanapprovals]
  verbs: [get, list, watch]
- apiGroups: [store.titan.io]
  resources: [values, files]
  verbs: [get, list, watch, create, update, delete]
- apiGroups: [store.titan.io]
  resources: [logs, outcomes]
  verbs: [get, list, watch]
{{- end }}

{{/* A ClusterRole's head. Call: (dict "root" $ "name" NAME "labels" (dict ...)) */}}
{{- define "titan.clusterRole" -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: {{ .name }}
  labels:
    {{- include "titan.labels" .root | nindent 4 }}
    {{- with .labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}

{{/* Gives a ClusterRole to the ServiceAccount of the same or another name: in one namespace, or everywhere.
     Call: (dict "root" $ "role" ROLE "account" ACCOUNT "namespace" NAMESPACE) */}}
{{- define "titan.binding" -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ if .namespace }}RoleBinding{{ else }}ClusterRoleBinding{{ end }}
metadata:
  name: {{ .role }}
  {{- with .namespace }}
  namespace: {{ . }}
  {{- end }}
  labels: {{- include "titan.labels" .root | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: {{ .role }}
subjects:
  - kind: ServiceAccount
    name: {{ .account }}
    namespace: {{ .root.Release.Namespace }}
{{- end }}
