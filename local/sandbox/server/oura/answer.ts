const TITLES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  422: 'Validation Error',
  500: 'Internal Server Error',
} as const;

/** An error of the API; Oura means what its HTTP status says. */
export function problem(status: keyof typeof TITLES, detail: string): Response {
  return Response.json({ status, title: TITLES[status], detail }, { status });
}
