#compdef lfctl
# lfctl: completion for zsh. Asks lfctl itself, so that names are live.
_lfctl() {
  local line
  local -a found
  while IFS= read -r line; do
    found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
  done < <(lfctl __complete "${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( ${#found} )); then
    _describe 'lfctl' found
  else
    _files
  fi
}
if [ "$funcstack[1]" = "_lfctl" ]; then
  _lfctl "$@"
else
  compdef _lfctl lfctl
fi
