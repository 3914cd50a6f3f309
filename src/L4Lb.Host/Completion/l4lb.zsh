#compdef l4lb
# zsh completion of l4lb: put "source <(l4lb completion zsh)" into ~/.zshrc, after compinit
_l4lb() {
    local -a found
    found=("${(@f)$("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    if (( ${#found} )) && [[ -n ${found[1]} ]]; then
        compadd -a found
    else
        _files
    fi
}
compdef _l4lb l4lb
