# bash completion of l4lb: put "source <(l4lb completion bash)" into ~/.bashrc
_l4lb() {
    local line=${COMP_LINE:0:COMP_POINT} cur words
    read -ra words <<<"$line"
    if [[ $line == *[[:space:]] ]]; then
        words+=("")
    fi
    cur=${words[-1]}
    local IFS=$'\n'
    COMPREPLY=($("${words[0]}" complete -- "${words[@]:1}" 2>/dev/null))
    # Readline breaks words at colons: what stands before the last one is there already.
    if [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]]; then
        COMPREPLY=("${COMPREPLY[@]#"${cur%"${cur##*:}"}"}")
    fi
}
complete -o default -F _l4lb l4lb
