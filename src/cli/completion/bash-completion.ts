import type { CompletedCommand, CompletionModel, ValueKind } from "./completion-model.ts";

/** A script for bash, from version 4 on. It needs no other package. */
export function bashCompletion({ commands }: CompletionModel): string {
  return `# Completion of ingot for bash. To have it in every shell, add to ~/.bashrc:
#   source <(ingot completion bash)
# Where packer is an alias of ingot, also: complete -F _ingot packer

_ingot_flags() {
  case "$1" in
${commands.map((command) => `    ${command.name}) echo ${quoted(flagWords(command))} ;;`).join("\n")}
  esac
}

# What a flag of a command takes, or, without a flag, what the command itself takes.
_ingot_takes() {
  local flag="\${2#-}"
  case "$1:\${flag:+-}\${flag#-}" in
${commands.flatMap(takesCases).join("\n")}
  esac
}

_ingot_files() {
  local suffix
  compgen -d -- "$2"
  [ "$1" = "files" ] && compgen -f -- "$2"
  for suffix in \${1#files}; do compgen -f -X "!*$suffix" -- "$2"; done
}

_ingot_template() {
  local word
  for word in "\${COMP_WORDS[@]:2}"; do
    case "$word" in *.pkr.hcl|*.json|*/|.) [ -e "$word" ] && { echo "$word"; return; } ;; esac
  done
  echo .
}

_ingot_complete() {
  local line program=ingot
  # Not where another name stands for it, as after: complete -F _ingot packer
  [[ "\${COMP_WORDS[0]}" == *ingot ]] && program="\${COMP_WORDS[0]}"
  COMPREPLY=()
  while IFS= read -r line; do COMPREPLY+=("$2$line"); done < <(
    case "$1" in
      words*) compgen -W "\${1#words }" -- "$3" ;;
      files*) _ingot_files "$1" "$3" ;;
      # Not by compgen -W: it would run what stands in a name.
      builds)
        "$program" completion -names "$(_ingot_template)" 2>/dev/null | while IFS= read -r line; do
          [[ "$line" == "$3"* ]] && printf '%q\\n' "$line"
        done
        ;;
    esac | sort -u
  )
  case "$1" in files*) compopt -o filenames 2>/dev/null ;; esac
}

_ingot() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}" flag
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quoted(commands.map(({ name }) => name).join(" "))} -- "$current"))
    return
  fi
  # Readline splits at "=", unless it was told not to.
  if [ "$current" = "=" ]; then
    flag="$before" current=""
  elif [ "$before" = "=" ]; then
    flag="\${COMP_WORDS[COMP_CWORD-2]}"
  elif [[ "$current" == -*=* ]]; then
    flag="\${current%%=*}"
    _ingot_complete "$(_ingot_takes "$command" "$flag")" "$flag=" "\${current#*=}"
    return
  elif [[ "$before" == -* && "$current" != -* && -n "$(_ingot_takes "$command" "$before")" ]]; then
    flag="$before"
  fi
  if [ -n "$flag" ]; then
    _ingot_complete "$(_ingot_takes "$command" "$flag")" "" "$current"
  elif [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$(_ingot_flags "$command")" -- "$current"))
    [[ "\${#COMPREPLY[@]}" -eq 1 && "\${COMPREPLY[0]}" == *= ]] && compopt -o nospace 2>/dev/null
  else
    _ingot_complete "$(_ingot_takes "$command" "")" "" "$current"
  fi
}

complete -F _ingot ingot
`;
}

function flagWords({ flags }: CompletedCommand): string {
  return flags.map(({ name, value }) => `-${name}${value ? "=" : ""}`).join(" ");
}

function takesCases({ name, flags, operands }: CompletedCommand): string[] {
  const line = (flag: string, kind: ValueKind) =>
    kind.kind === "anything" ? [] : [`    ${name}:${flag}) echo ${quoted(kindText(kind))} ;;`];
  return [...flags.flatMap((flag) => (flag.value ? line(`-${flag.name}`, flag.value) : [])), ...line("", operands)];
}

function kindText(kind: ValueKind): string {
  if (kind.kind === "words") return `words ${kind.words.join(" ")}`;
  return kind.kind === "files" ? ["files", ...kind.suffixes].join(" ") : kind.kind;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
