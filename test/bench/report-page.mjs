export async function reportPage() {
  return { results: [] };
}
