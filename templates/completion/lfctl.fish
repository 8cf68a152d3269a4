# lfctl: completion for fish. Asks lfctl itself, so that names are live.
function __lfctl_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l found (lfctl __complete $words (commandline -ct) 2>/dev/null)
    if test (count $found) -gt 0
        string join \n -- $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c lfctl -f -a '(__lfctl_complete)'
