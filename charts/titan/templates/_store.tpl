{{/* The store's command line; secrets come in by the environment, which the kubelet puts into $(NAME). */}}
{{- define "titan.storeArguments" -}}
{{- $store := .Values.store -}}
- --data-dir=/data/store
- --host=0.0.0.0
- --port=9090
- --retention-days={{ int $store.retentionDays }}
- --reserve-mib={{ int $store.reserveMiB }}
- --quota-value-mib={{ int64 $store.quotas.valueMiB }}
- --quota-values={{ int64 $store.quotas.values }}
- --quota-file-mib={{ int64 $store.quotas.fileMiB }}
{{- if $store.tls.enabled }}
- --tls-cert-file=/etc/titan/tls/tls.crt
- --tls-key-file=/etc/titan/tls/tls.key
{{- end }}
{{- with $store.s3 }}
{{- if .endpoint }}
- {{ printf "--s3-endpoint=%s" .endpoint | quote }}
- {{ printf "--s3-bucket=%s" .bucket | quote }}
- {{ printf "--s3-prefix=%s" .prefix | quote }}
- {{ printf "--s3-region=%s" .region | quote }}
{{- end }}
{{- end }}
- --profiles=/etc/titan/store/profiles.json
{{- with $store.dashboard.trustedProxy }}
{{- if .enabled }}
- {{ printf "--trusted-user-header=%s" .userHeader | quote }}
{{- with .groupsHeader }}
- {{ printf "--trusted-groups-header=%s" . | quote }}
{{- end }}
- {{ printf "--trusted-proxies=%s" (join "," .cidrs) | quote }}
{{- end }}
{{- end }}
{{- with include "titan.publicURL" . }}
- {{ printf "--public-url=%s" . | quote }}
{{- end }}
{{- range $number, $hook := $store.webhooks }}
- --{{ if eq ($hook.form | default "generic") "slack" }}slack-{{ end }}webhook=$(TITAN_WEBHOOK_{{ $number }})
{{- end }}
{{- if $store.webhookToken.secretName }}
- --webhook-token-file=/etc/titan/webhook/token
{{- end }}
{{- end }}

{{/* What requirements mean, for showing capacity; the operator's configuration has the same. */}}
{{- define "titan.storeProfiles" -}}
{{- mustToPrettyJson (dict "profiles" .Values.profiles) }}
{{- end }}

{{- define "titan.storeEnvironment" -}}
{{- $store := .Values.store -}}
{{- if $store.s3.endpoint }}
{{- range list "AWS_ACCESS_KEY_ID" "AWS_SECRET_ACCESS_KEY" }}
- name: {{ . }}
  valueFrom:
    secretKeyRef:
      name: {{ $store.s3.existingSecret }}
      key: {{ . }}
{{- end }}
{{- end }}
{{- range $number, $hook := $store.webhooks }}
- name: TITAN_WEBHOOK_{{ $number }}
  valueFrom:
    secretKeyRef:
      name: {{ $hook.secretName }}
      key: {{ $hook.key }}
{{- end }}
{{- end }}
