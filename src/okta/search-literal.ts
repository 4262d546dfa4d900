/** A string as a literal of Okta's `search` and `filter` expressions (Users, "List all users"). */
export function searchLiteral(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
