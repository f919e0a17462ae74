import { ApiError, NetworkError, readProblem } from '../../lib/api-error.ts';

/** The first rows of a snapshot in a format, as the file has them: a line of JSON each. Throws ApiError and NetworkError. */
export async function fetchRows(url: string, signal: AbortSignal): Promise<string[]> {
  let response: Response;
  try {
    response = await fetch(url, { signal, credentials: 'same-origin' });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new NetworkError('The server did not answer.', { cause: error });
  }
  if (!response.ok) throw new ApiError(await readProblem(response));
  try {
    const text = await response.text();
    return text.split('\n').filter((line) => line !== '');
  } catch (error) {
    if (signal.aborted) throw error;
    throw new NetworkError('The answer broke off.', { cause: error });
  }
}
