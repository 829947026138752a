# Completion of crm-tui for fish: put `crm-tui completion fish | source` into ~/.config/fish/config.fish.

function __crm_tui_complete
    set -l answers (command crm-tui completion --words (commandline -cp | string collect) 2>/dev/null)
    if test (count $answers) -eq 1; and string match -q ":files*" -- $answers[1]
        __fish_complete_path (commandline -ct)
    else
        printf '%s\n' $answers
    end
end

complete -c crm-tui -f -a '(__crm_tui_complete)'
