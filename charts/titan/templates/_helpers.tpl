{{/* Names are fixed: there is one Titan in a cluster, and policies, RBAC and the SDK name its parts. */}}

{{- define "titan.labels" -}}
app.kubernetes.io/name: titan
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* Labels that select the pods of one component. Call: (dict "component" NAME) */}}
{{- define "titan.selector" -}}
app.kubernetes.io/name: titan
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Call: (dict "root" $ "name" "titan-store") */}}
{{- define "titan.image" -}}
{{- $image := .root.Values.image -}}
{{- with $image.registry }}{{ trimSuffix "/" . }}/{{ end }}{{ .name }}:{{ $image.tag | default .root.Chart.AppVersion }}
{{- end }}

{{- define "titan.pullSecrets" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- end }}

{{/* Whether this rendering has cluster-wide objects, and whether it has the others. */}}
{{- define "titan.hasClusterObjects" -}}
{{- if ne .Values.clusterResources "assume" }}yes{{ end }}
{{- end }}
{{- define "titan.hasWorkloads" -}}
{{- if ne .Values.clusterResources "only" }}yes{{ end }}
{{- end }}

{{- define "titan.scheme" -}}
{{- if .Values.store.tls.enabled }}https{{ else }}http{{ end }}
{{- end }}

{{- define "titan.storeURL" -}}
{{ include "titan.scheme" . }}://titan-store.{{ .Release.Namespace }}.svc:9090
{{- end }}

{{/* The store as the API server's service proxy spells it; RBAC compares it letter by letter. */}}
{{- define "titan.proxiedService" -}}
{{- if .Values.store.tls.enabled }}https:{{ end }}titan-store:api
{{- end }}

{{- define "titan.tlsSecret" -}}
{{ .Values.store.tls.existingSecret | default "titan-store-tls" }}
{{- end }}

{{- define "titan.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "titan.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* nodeSelector, tolerations, affinity and priority of a component. Call: .Values.operator or .Values.store */}}
{{- define "titan.placement" -}}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "titan.publicURL" -}}
{{- if .Values.store.publicURL -}}
{{ .Values.store.publicURL }}
{{- else if .Values.ingress.enabled -}}
{{ if .Values.ingress.tlsSecret }}https{{ else }}http{{ end }}://{{ .Values.ingress.host }}
{{- end }}
{{- end }}

{{/* The operator's settings, as titan_operator/settings.py reads them. */}}
{{- define "titan.operatorConfig" -}}
{{- $election := dict "enabled" true "namespace" .Release.Namespace "name" "titan-operator" -}}
{{- $settings := omit .Values.operator.settings "leaderElection" -}}
{{- $election = merge $election (.Values.operator.settings.leaderElection | default dict) -}}
{{- $config := dict
  "storeURL" (include "titan.storeURL" .)
  "storeTokenFile" "/var/run/secrets/titan/store/token"
  "storeService" (printf "%s/%s" .Release.Namespace (include "titan.proxiedService" .))
  "approvals" .Values.approvals
  "runnerImage" (include "titan.image" (dict "root" . "name" "titan-runner"))
  "namespaces" .Values.namespaces
  "profiles" .Values.profiles
  "probeHost" "0.0.0.0"
  "probePort" 8080
  "leaderElection" $election
-}}
{{- if .Values.store.tls.enabled }}{{ $config = set $config "storeCAFile" "/etc/titan/store/ca.crt" }}{{ end -}}
{{- mustToPrettyJson (merge $config $settings) }}
{{- end }}
