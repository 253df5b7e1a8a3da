import type { CompletedCommand, CompletionModel, ValueKind } from "./completion-model.ts";

/** A script for fish. */
export function fishCompletion({ commands }: CompletionModel): string {
  return `# Completion of ingot for fish. To have it in every shell:
#   ingot completion fish > ~/.config/fish/completions/ingot.fish

function __ingot_builds
  set -l template .
  for word in (commandline -opc)
    string match -qr '\\.(pkr\\.hcl|json)$' -- $word; and test -e $word; and set template $word
  end
  ingot completion -names $template 2>/dev/null
end

function __ingot_files
  __fish_complete_directories (commandline -ct)
  for suffix in $argv
    __fish_complete_suffix $suffix
  end
end

complete -c ingot -f
${commands.flatMap(commandLines).join("\n")}
`;
}

function commandLines({ name, summary, flags, operands }: CompletedCommand): string[] {
  const when = quoted(`__fish_seen_subcommand_from ${name}`);
  const action = actionOf(operands);
  return [
    `complete -c ingot -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
    ...flags.map((flag) => {
      const takes = flag.value ? ` -r${flagAction(flag.value)}` : "";
      return `complete -c ingot -n ${when} -o ${flag.name} -d ${quoted(flag.doc)}${takes}`;
    }),
    ...(action === "" ? [] : [`complete -c ingot -n ${when} -a ${quoted(action)}`]),
  ];
}

function flagAction(kind: ValueKind): string {
  const action = actionOf(kind);
  return action === "" ? " -f" : ` -f -a ${quoted(action)}`;
}

function actionOf(kind: ValueKind): string {
  if (kind.kind === "words") return kind.words.join(" ");
  if (kind.kind === "builds") return "(__ingot_builds)";
  if (kind.kind === "anything") return "";
  return kind.suffixes.length === 0 ? "(__fish_complete_path)" : `(__ingot_files ${kind.suffixes.join(" ")})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
