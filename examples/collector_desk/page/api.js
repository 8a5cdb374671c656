// The desk's answers. A mistake in a query is thrown as {line, column, message, expected}.

export async function ask(query) {
  let response;
  try {
    response = await fetch("/query", { method: "POST", headers: { "Content-Type": "text/plain" }, body: query });
  } catch {
    throw { message: "The desk does not answer: is it still running?" };
  }
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  let error = { message: text.trim() };
  try {
    error = JSON.parse(text).error;
  } catch {
    // A refusal in words.
  }
  throw error;
}

// null: this desk has no alerts.
export async function alerts() {
  const response = await fetch("/alerts");
  return response.ok ? response.json() : null;
}
