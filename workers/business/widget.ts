import type { WidgetConfig } from '../../contract/session.ts';
import { fail, succeed, type Answer } from '../answer.ts';
import * as faults from './faults.ts';
import { activePlaybook, inLocale } from './playbooks.ts';

/** What a page needs before a call: whom it would talk to, and what its visitor has to accept. */
export function widgetConfig(sql: SqlStorage, wanted: string | undefined): Answer<WidgetConfig> {
  const playbook = activePlaybook(sql);
  if (playbook === null) return fail(faults.noPlaybook);
  const { business, locale, disclosure } = inLocale(playbook, wanted);
  return succeed({
    business: business.id,
    businessName: business.name,
    agentName: business.agentName,
    locale,
    disclosure,
    ...(business.privacyUrl === undefined ? {} : { privacyUrl: business.privacyUrl }),
  });
}
