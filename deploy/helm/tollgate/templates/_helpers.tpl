{{- define "tollgate.fullname" -}}
{{- if contains "tollgate" .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-tollgate" (.Release.Name | trunc 41 | trimSuffix "-") -}}
{{- end -}}
{{- end -}}

{{/* Of a process: (dict "root" $ "app" "gateway"). */}}
{{- define "tollgate.selector" -}}
app.kubernetes.io/name: tollgate
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .app }}
{{- end -}}

{{- define "tollgate.labels" -}}
{{ include "tollgate.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{- define "tollgate.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{- define "tollgate.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{ .Values.serviceAccount.name | default (include "tollgate.fullname" .) }}
{{- else -}}
{{ .Values.serviceAccount.name | default "default" }}
{{- end -}}
{{- end -}}

{{/*
The environment of a process: (dict "root" $ "app" "gateway" "own" (dict NAME VALUE)). It gets what it reads, and no secret of others; files/settings.yaml
says what that is. A setting that no process reads is refused, as is one that the chart itself makes.
*/}}
{{- define "tollgate.env" -}}
{{- $root := .root -}}
{{- $all := $root.Files.Get "files/settings.yaml" | fromYaml -}}
{{- $reads := index $all .app -}}
{{- $values := index $root.Values .app | default dict -}}
{{- range $name, $_ := merge (dict) ($values.settings | default dict) $root.Values.settings -}}
{{- $known := false -}}
{{- range $app, $of := $all -}}{{- if has $name $of.settings -}}{{- $known = true -}}{{- end -}}{{- end -}}
{{- if not $known -}}{{- fail (printf "settings.%s: no such setting, or it is a secret or made by the chart; .env.example has all of them" $name) -}}{{- end -}}
{{- end -}}
{{- range $name, $_ := $values.settings | default dict -}}
{{- if not (has $name $reads.settings) -}}{{- fail (printf "settings.%s: this process does not read it" $name) -}}{{- end -}}
{{- end -}}
{{- $secret := required "existingSecret: name the Secret that has DATABASE_URL and the others of .env.example" $root.Values.existingSecret -}}
{{- range $name, $need := $reads.secrets }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $secret }}
      key: {{ $name }}
      {{- if eq $need "optional" }}
      optional: true
      {{- end }}
{{- end }}
{{- $shared := dict -}}
{{- range $name, $value := $root.Values.settings -}}
{{- if has $name $reads.settings -}}{{- $_ := set $shared $name $value -}}{{- end -}}
{{- end -}}
{{- range $name, $value := merge (dict) .own ($values.settings | default dict) $shared }}
- name: {{ $name }}
  {{- /* Numbers of a values file are floating: 134217728 would be 1.34217728e+08. */}}
  {{- if and (kindIs "float64" $value) (eq (floor $value) $value) }}
  value: {{ int64 $value | toString | quote }}
  {{- else }}
  value: {{ toString $value | quote }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* What all pods have in common: (dict "root" $ "values" .Values.gateway). */}}
{{- define "tollgate.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  {{- toYaml .root.Values.podSecurityContext | nindent 2 }}
{{- range $field := list "nodeSelector" "tolerations" "affinity" "topologySpreadConstraints" }}
{{- with index $.values $field }}
{{ $field }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end -}}

{{/* A container's image and rights. */}}
{{- define "tollgate.container" -}}
image: {{ include "tollgate.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  {{- toYaml .Values.securityContext | nindent 2 }}
{{- end -}}

{{- define "tollgate.archiveMount" -}}
{{- if .Values.usageArchive.existingClaim }}
- name: usage-archive
  mountPath: /var/lib/tollgate/usage-archive
{{- end }}
{{- end -}}

{{- define "tollgate.archiveVolume" -}}
{{- with .Values.usageArchive.existingClaim }}
- name: usage-archive
  persistentVolumeClaim:
    claimName: {{ . }}
{{- end }}
{{- end -}}

{{- define "tollgate.archiveSetting" -}}
{{- if .Values.usageArchive.existingClaim -}}
USAGE_ARCHIVE_DIR: /var/lib/tollgate/usage-archive
{{- end -}}
{{- end -}}
