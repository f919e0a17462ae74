import type { Check } from '@granary/contract';

/** Phrases chatbots leave wherever they go. */
const anywhere = [
  /\bas an? (?:ai|artificial intelligence|large language|language)(?: language)? (?:model|assistant|chatbot)\b/i,
  /\bi(?:'|’)?(?: a)?m (?:just |only )?an ai (?:language )?(?:model|assistant)\b/i,
  /\bmy (?:knowledge|training) (?:cut-?off|data (?:only )?goes up)\b/i,
  /\bas of my last (?:knowledge )?update\b/i,
  /\bi (?:cannot|can(?:'|’)t) browse the internet\b/i,
  /\bals (?:ki|künstliche intelligenz|großes sprachmodell|sprachmodell|ki-(?:sprach)?modell|ki-assistent)(?: habe| kann| bin| verfüge|,)/i,
  /\bich bin (?:nur )?(?:ein(?:e)?) (?:ki|künstliche intelligenz|sprachmodell|ki-(?:sprach)?modell|ki-assistent)\b/i,
  /\bmeine trainingsdaten reichen\b/i,
];
/** Polite openings and closings; in the middle of a letter or a story they are somebody's words. */
const atStart = [
  /^(?:certainly|sure|absolutely|of course)[!,.] (?:here(?:'|’)?s|here (?:is|are))\b/i,
  /^(?:that(?:'|’)s a great question|great question)[!,.]/i,
  /^(?:natürlich|gerne|selbstverständlich)[!,.] hier (?:ist|sind|findest)\b/i,
  /^(?:das ist )?eine (?:sehr )?gute frage[!,.]/i,
];
const atEnd = [
  /\bi hope this helps\b/i,
  /\blet me know if you(?:'|’)?(?:d| would)? (?:have any|like|need)\b/i,
  /\bis there anything else (?:i can|you(?:'|’)d like)\b/i,
  /\bfeel free to (?:ask|reach out)\b/i,
  /\bich hoffe,? (?:das|dies) hilft\b/i,
  /\blass(?:en sie)? (?:es )?mich (?:gerne )?wissen,? (?:wenn|ob|falls)\b/i,
  /\bkann ich (?:dir|ihnen) (?:sonst )?noch (?:bei etwas|mit etwas|weiter|irgendwie)/i,
];
const edge = 160;

/** Leftovers of a chatbot in a response; the first one found. */
export function findBoilerplate(response: string): Check[] {
  const end = response.slice(-edge);
  const match = firstMatch(anywhere, response) ?? firstMatch(atStart, response.slice(0, edge)) ?? firstMatch(atEnd, end);
  return match === undefined ? [] : [{ kind: 'chatbot_boilerplate', severity: 'warn', field: 'response', excerpt: match }];
}

function firstMatch(patterns: readonly RegExp[], text: string): string | undefined {
  for (const pattern of patterns) {
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return found;
  }
  return undefined;
}
