import type { CompletedCommand, CompletedFlag, CompletionModel, ValueKind } from "./completion-model.ts";

/** A script for zsh: to be sourced, or put into a folder of `fpath` as `_ingot`. */
export function zshCompletion({ commands }: CompletionModel): string {
  return `#compdef ingot
# Completion of ingot for zsh. To have it in every shell, add to ~/.zshrc, behind compinit:
#   source <(ingot completion zsh)

_ingot_builds() {
  local word template=.
  for word in $words; do
    case $word in *.pkr.hcl|*.json) [[ -e $word ]] && template=$word ;; esac
  done
  local -a builds
  builds=(\${(f)"$(ingot completion -names $template 2>/dev/null)"})
  compadd -a builds
}

_ingot() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  local command=$words[2]
  (( CURRENT-- ))
  shift words
  case $command in
${commands.map(commandCase).join("\n")}
  esac
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _ingot "$@"; else compdef _ingot ingot; fi
`;
}

function commandCase({ name, flags, operands }: CompletedCommand): string {
  const action = actionOf(operands);
  const specifications = [...flags.map(flagSpecification), ...(action === "" ? [] : [`*:operand:${action}`])];
  return [
    `    ${name})`,
    "      _arguments \\",
    `${specifications.map((one) => `        ${quoted(one)}`).join(" \\\n")}`,
    "      ;;",
  ].join("\n");
}

function flagSpecification({ name, doc, value, repeated }: CompletedFlag): string {
  const text = doc.replaceAll(/[\\[\]:]/g, (character) => `\\${character}`);
  const start = `${repeated ? "*" : ""}-${name}`;
  return value ? `${start}=[${text}]:value:${actionOf(value)}` : `${start}[${text}]`;
}

function actionOf(kind: ValueKind): string {
  if (kind.kind === "words") return `(${kind.words.join(" ")})`;
  if (kind.kind === "builds") return "_ingot_builds";
  if (kind.kind === "anything") return "";
  return kind.suffixes.length === 0 ? "_files" : `_files -g "*(${kind.suffixes.join("|")})"`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
