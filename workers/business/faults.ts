import type { Fault } from '../answer.ts';

const notFound = (message: string, action: string): Fault => ({ status: 404, code: 'not-found', message, action });

export const unknownBusiness = notFound(
  'There is no such business.',
  'Check the business id, or set it up with PUT /v1/businesses/:business.',
);

export const unknownPlaybook = notFound(
  'This business has no playbook of that hash.',
  'Use the hash from the session token.',
);

export const unknownService: Fault = {
  ...notFound("The business's playbook has no such service.", 'Use a service id from the playbook.'),
  field: 'service',
};

export const unknownCall = notFound('This business has no such call.', 'Take the id from the list of calls.');

export const callNotUp = notFound('No such call is up.', 'Take the id from the list of calls, while it lasts.');

export const unknownCallBack = notFound(
  'This business has promised no call back in such a call.',
  'Take the call id from the list of call backs.',
);

export const unknownDelivery = notFound(
  'This business has no such delivery.',
  'Take the id from npm run deliveries, or from a call record.',
);

export const unknownConnection = notFound(
  'This business is not connected to that CRM.',
  'Connect it with PUT /v1/businesses/:business/crm/:kind.',
);
export const unknownOrder = notFound('This business has no such order.', 'Take the id from the list of ordered calls.');

export const unknownRemoval = notFound(
  'This business has no record of such a removal.',
  'Take the id from GET /v1/businesses/:business/removals.',
);

/** A call that was erased while it went on: nobody is to be booked by it. */
export const erasedCall: Fault = {
  status: 409,
  code: 'conflict',
  message: 'What was known of this call has been erased.',
  action: 'Have the person call again.',
};

export const unknownNumber = notFound('This number is not on the list.', 'Write it as it stands there.');

/** The same for a wrong key, so that nobody learns which appointments exist. */
export const unknownAppointment = notFound('There is no such invitation.', 'Use the whole link from the confirmation.');

export const noAppointment = notFound(
  'This business has no such appointment.',
  'Take the id from GET /v1/businesses/:business/appointments.',
);

/** The same for an address that was replaced, so that nobody learns which there were. */
export const unknownFeed = notFound('There is no such calendar.', 'Ask for its present address.');

export const unknownCalendar = notFound(
  'This business is not connected to such a calendar.',
  'Take the name from GET /v1/businesses/:business/calendars.',
);

export const calendarTrouble: Fault = {
  status: 400,
  code: 'bad-request',
  message: 'The calendar could not be read.',
  action: 'Correct the settings and connect it again.',
};

export const unknownStaff: Fault = {
  status: 400,
  code: 'bad-request',
  message: 'The playbook has no such person among its staff.',
  action: 'Use an id from scheduling.staff of the playbook.',
  field: 'staff',
};

export const noPlaybook: Fault = {
  status: 503,
  code: 'unavailable',
  message: 'This business has no playbook yet.',
  action: 'Publish one with PUT /v1/businesses/:business/playbook.',
};

export const noMediaNode: Fault = {
  status: 503,
  code: 'unavailable',
  message: 'No media node takes calls.',
  action: 'Start one, and see GET /v1/fleet.',
  retryAfterS: 10,
};

export const foreignOrigin: Fault = {
  status: 403,
  code: 'forbidden-origin',
  message: 'Calls to this business may not be started from this page.',
  action: "Add the page's origin to the business's origins.",
};

export const staleConsent: Fault = {
  status: 409,
  code: 'consent-required',
  message: 'The disclosure has changed since it was shown.',
  action: 'Show the current disclosure and ask again.',
  field: 'consent.version',
};

export const unknownContact = notFound(
  'This business knows no such contact.',
  'Take the id from GET /v1/businesses/:business/contacts. It changes when two contacts turn out to be one.',
);
