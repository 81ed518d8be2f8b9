// A chain with something in every column, for the screens that show one.

import type { Server } from './server';
import { at, type Place, Writer } from './writer';

const DAY = 24 * 60;
const FARCHANA = { name: 'Farchana', at: [13.55, 21.93] };
const LONG = 'Whoever drives for you will not be driving for anybody by the end of the month, and you know that we know the road. ';

/** What the screens are opened with. */
export interface ChainScene {
  threat: string;
  incident: string;
  /** A movement past all of it. */
  movement: string;
}

export async function chainScene(server: Server): Promise<ChainScene> {
  const base = await Writer.enrol(server, 'security', 'Radio room');
  const nurse = await Writer.enrol(server, 'reporter', 'Fatimé');
  const threat = await said(base, nurse);
  const incident = await done(base, nurse, threat);
  await registers(base);
  const from: Place = { name: 'Abéché', at: [13.83, 20.83] };
  const legs = [{ to: { name: 'Adré', at: [13.47, 22.2] as [number, number] }, km: 165, minutes: 240 }];
  const movement = await base.plan({ name: 'Clinic run Adré', depart: 2 * DAY - 600, from, legs });
  return { threat, incident, movement };
}

/** A risk, a warning and a threat, two evaluations, and what does not belong to them. */
async function said(base: Writer, nurse: Writer): Promise<string> {
  const deadline = at(DAY);
  const risk = await base.report('risk.assessed', { what: 'Men with motorcycles at the ford', area: 'Assoungha', category: 'crime', likelihood: 4, impact: 3, trend: 'rising', place: FARCHANA }, 9 * DAY);
  const heard = await nurse.report('community.heard', { feedback: 'warning', words: 'لا ترسلوا السيارات البيضاء يوم الخميس', translation: 'Do not send the white cars on Thursday', place: FARCHANA, deadline, danger: 'high' }, 200);
  const threat = await nurse.report('threat.reported', { words: LONG.repeat(3), channel: 'call', voice: ['angry', 'street'], target: 'convoy', target_name: 'Convoy Mike 2', place: FARCHANA, deadline, told: ['Base', 'Prefect'] }, 120);
  await base.report('threat.reported', { words: 'They watch the clinic', sensitive: true, place: { name: 'Assoungha', at: [12.9, 21.4], coarse: true } }, 90);
  await base.report('link.made', { from: heard, to: threat, relation: 'supports' }, 60);
  await base.report('link.made', { from: risk, to: threat, relation: 'led_to' }, 60);
  await base.report('threat.evaluated', { record: threat, source: 'B', information: '6', willingness: 4, capacity: 0, likelihood: 4, impact: 4, conclusion: LONG }, 50);
  await nurse.report('threat.evaluated', { record: threat, source: 'F', likelihood: 2, impact: 2 }, 40);
  const over = await nurse.report('threat.reported', { summary: 'A letter at the gate', happened: at(-20 * DAY) }, 90);
  await base.report('threat.closed', { record: over, outcome: 'averted_by', measure: 'Went on Friday' }, 30);
  const similar = { words: 'White cars on the market road will burn', place: FARCHANA, target_name: 'Convoy Mike 2' };
  await nurse.report('threat.reported', similar, 30);
  return threat;
}

/** What came of the threat, and what is done about it. */
async function done(base: Writer, nurse: Writer, threat: string): Promise<string> {
  const incident = await nurse.report('incident.reported', { of: threat, what: 'Two cars were stopped and robbed', means: 'robbery', happened: at(-60), place: { name: 'Hadjer Hadid', at: [14.2, 22.0] }, wounded: 1, help: ['medical', 'vehicle'], critical: true }, 25);
  await nurse.report('loss.recorded', { of: incident, loss: 'equipment', number: 3, value: 450, currency: 'EUR' }, 20);
  const owner = { name: base.who.name, user: base.who.user };
  const action = { of: incident, action: 'protection_upgrade', what: 'Radios are kept out of sight', owner };
  const open = await base.report('action.opened', { ...action, due: at(-5) }, 15);
  await nurse.report('action.done', { record: open, evidence: 'Ask Moussa at the garage' }, 10);
  await base.report('action.opened', { ...action, what: 'Speak with the driver', due: at(DAY) }, 15);
  await base.report('finding.recorded', { of: incident, what: 'Nobody asked the elders', sector: 'community', proposal: 'Ask the elders before each convoy' }, 10);
  await base.report('loss.recorded', { loss: 'none_averted', measure: 'The second car waited' }, 5);
  const history = { external: { source: 'AWSD', id: '2024-117' }, happened: '2024-05-02T00:00:00Z' };
  await base.report('incident.reported', { what: 'Ambush', means: 'S', place: { name: 'Adré', at: [13.2, 21.0] }, ...history });
  return incident;
}

/** What else the registers of the sectors keep. */
async function registers(base: Writer): Promise<void> {
  const talk = { stakeholder: 'Elders of Farchana', stakeholder_kind: 'elders', influence: 5, messages: ['impartial', 'not_armed'] };
  await base.report('community.consulted', { ...talk, said: 'They want the clinic to stay', perception: 3, happened: at(-30 * DAY) }, 9);
  await base.report('community.consulted', { ...talk, said: 'They vouch for the road', perception: 4 }, 8);
  await base.report('community.heard', { feedback: 'rumour', words: 'The clinic closes', truth: 'false', outcome: 'Told them at the market' }, 3 * DAY);
  await base.report('acceptance.observed', { area: 'Assoungha', consent: 3, stake: 2, happened: at(-40 * DAY) }, 7);
  await base.report('acceptance.observed', { area: 'Assoungha', consent: 4, stake: 3, impartial: 5, signals: ['warned_us'] }, 6);
  await base.report('area.rated', { area: 'Assoungha', level: 'substantial', reason: 'Robberies', place: FARCHANA }, 6);
  const opened = { into: 'protection', scope: 'Why was the driver alone?', leader: { name: 'HQ' } };
  const central = await Writer.enrol(base.server, 'central', 'HQ');
  await central.report('investigation.opened', opened, 5);
}
