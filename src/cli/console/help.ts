export const CONSOLE_HELP = `Type an expression and hit <enter> to see its value. It can use what the template
declares (var.NAME, local.NAME, data.TYPE.NAME), path.root, path.cwd, packer.version
and every function:

  upper(var.image)

"variables" shows all variables and locals with their values.
"exit", Control-D or Control-C ends the console.

Without a template the old template language works too: {{timestamp}}.`;
