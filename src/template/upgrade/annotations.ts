/** What `-with-annotations` says about each part. */
export const annotations = {
  file: [
    "Made from a template in the old JSON format by 'ingot hcl2_upgrade'. Read it through once:",
    "the old names of builds are now TYPE.NAME, and what still stands in double braces is rendered",
    "by the components as before, after HCL has evaluated the rest. The blocks may be moved to other",
    "files of the same folder, as long as their names end with '.pkr.hcl'.",
  ],
  packer: ["What the template needs: the version it was written for, and plugins."],
  variables: ["Every variable is a string, as in the old format. Other types are possible now."],
  images: ["The searches for a source image, which were 'source_ami_filter' of the builders."],
  secrets: ["Secrets of AWS that variables read."],
  locals: ["These were variables, but use other variables or functions. HCL has locals for that."],
  sources: ["The builders. A build block says which of them are built."],
  build: ["What is built, and what is done with it."],
} as const;

export function annotation(part: keyof typeof annotations): string {
  return annotations[part].map((line) => `# ${line}\n`).join("");
}
