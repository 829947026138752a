# Completion of crm-tui for bash: put `source <(crm-tui completion bash)` into ~/.bashrc.

_crm_tui() {
    local typed=${COMP_LINE:0:COMP_POINT} plain word prefix="" answer
    plain=${typed//\\?/__} # a blank behind a backslash does not end a word
    plain=${plain##*[[:space:]]}
    word=${typed:${#typed}-${#plain}}
    # bash itself begins a new word after : and =, and replaces only what stands behind the last of them.
    case $word in *[:=]*) prefix=${word%"${word##*[:=]}"} ;; esac
    COMPREPLY=()
    while IFS= read -r answer; do
        if [ "$answer" = ":files"$'\t' ]; then
            compopt -o default 2>/dev/null
            return
        fi
        printf -v answer '%q' "${answer%%$'\t'*}"
        COMPREPLY+=("${answer#"$prefix"}")
    done < <("$1" completion --words "$typed" 2>/dev/null)
    case ${COMPREPLY[0]-} in *[:=.\>\<]) [ "${#COMPREPLY[@]}" = 1 ] && compopt -o nospace 2>/dev/null ;; esac
    return 0
}
complete -F _crm_tui crm-tui
