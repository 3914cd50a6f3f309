# fish completion of l4lb: l4lb completion fish > ~/.config/fish/completions/l4lb.fish
function __l4lb_complete
    set -l words (commandline -opc) (commandline -ct)
    $words[1] complete -- $words[2..-1] 2>/dev/null
end
complete -c l4lb -a '(__l4lb_complete)'
