import { defineCommand } from '../command.js';
import { logFlags } from '../flags.js';

export const completionCommand = defineCommand({
  name: 'completion',
  group: 'Tools',
  description: 'Print a completion script for the shell that $SHELL names',
  flags: { ...logFlags },
  examples: [
    ['bash', 'completion >> ~/.bashrc'],
    ['zsh', 'completion >> ~/.zshrc'],
    ['fish', 'completion > ~/.config/fish/completions/okta-csv-import.fish'],
  ],
  handler: async (_, context) => {
    const { completionScript } = await import('../completion.js');
    context.stdout.write(`${await completionScript(context)}\n`);
    return 0;
  },
});
