#compdef crm-tui
# Completion of crm-tui for zsh: put `source <(crm-tui completion zsh)` into ~/.zshrc, after compinit.

_crm_tui() {
    local answer tab=$'\t'
    local -a values labels open open_labels
    for answer in "${(@f)$("$words[1]" completion --words "${(j: :)words[1,CURRENT-1]} $PREFIX" 2>/dev/null)}"; do
        [[ -z $answer ]] && continue
        if [[ $answer == ":files$tab" ]]; then
            _files
            return
        fi
        if [[ ${answer%%$tab*} == *[:=.\<\>] ]]; then
            open+=("${answer%%$tab*}")
            open_labels+=("${answer%%$tab*}  ${answer#*$tab}")
        else
            values+=("${answer%%$tab*}")
            labels+=("${answer%%$tab*}  ${answer#*$tab}")
        fi
    done
    (( $#open )) && compadd -U -S '' -l -d open_labels -- "${open[@]}"
    (( $#values )) && compadd -U -l -d labels -- "${values[@]}"
    return 0
}

if [[ $funcstack[1] == _crm_tui ]]; then
    _crm_tui "$@"
else
    compdef _crm_tui crm-tui
fi
