/** The images that a Dockerfile starts its stages from, each once; names with variables that are not known are left out. */
export function imagesFrom(dockerfile: string, buildArguments: Readonly<Record<string, string>>): string[] {
  const values: Record<string, string> = {};
  const stages = new Set<string>();
  const images = new Set<string>();
  const lines = dockerfile.replace(/\\\r?\n/g, " ").split(/\r?\n/);
  for (const line of lines) {
    // Only what stands before the first stage counts in FROM.
    const argument = /^\s*ARG\s+([A-Za-z_]\w*)(?:=(.*))?$/i.exec(line);
    if (argument?.[1] !== undefined && stages.size === 0 && images.size === 0) {
      const value = buildArguments[argument[1]] ?? argument[2]?.trim().replace(/^(["'])(.*)\1$/, "$2");
      if (value !== undefined) values[argument[1]] = value;
    }
    const from = /^\s*FROM\s+(?:--platform=\S+\s+)?(\S+)(?:\s+AS\s+(\S+))?/i.exec(line);
    if (from?.[1] === undefined) continue;
    const image = from[1].replace(
      /\$\{?(\w+)(?::-([^}]*))?\}?/g,
      (all, name: string, other?: string) => values[name] ?? other ?? all,
    );
    if (image !== "scratch" && !stages.has(image.toLowerCase()) && !image.includes("$")) images.add(image);
    if (from[2] !== undefined) stages.add(from[2].toLowerCase());
  }
  return [...images];
}
