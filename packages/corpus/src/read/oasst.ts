import { createConversation, isObject, ownId } from './conversation.ts';
import type { Conversation } from './conversation.ts';

/** Deeper trees than these are a mistake, and would exhaust the stack. */
const depthMax = 100;

/**
 * A conversation tree in Open-Assistant's export shape: a prompt, replies to it (alternatives), prompts under those (further
 * turns), and so on. Deleted messages are left out together with what hangs under them.
 */
export function readOasst(record: Record<string, unknown>): Conversation {
  const conversation = createConversation();

  function add(message: unknown, path: string, parent: number | null, depth: number): void {
    const role = depth % 2 === 0 ? 'prompter' : 'assistant';
    if (!isObject(message)) return conversation.complain(path, 'Is not a message object with "text", "role" and "replies"');
    const { deleted } = message;
    const replies = message['replies'] ?? [];
    if (deleted === true || conversation.isFull()) return;
    if (message['role'] !== role) return conversation.complain(`${path}.role`, `Is not "${role}", which alternates with the other`);
    if (depth > depthMax) return conversation.complain(path, `The conversation is deeper than ${depthMax} messages`);
    const externalId = ownId(message['message_id']);
    if (externalId === null) return conversation.complain(`${path}.message_id`, 'Is missing');
    const index = conversation.add({
      role: role === 'prompter' ? 'instruction' : 'response',
      text: { field: `${path}.text`, value: message['text'] },
      language: { field: `${path}.lang`, value: message['lang'] },
      externalId,
      parent,
      aiAssistance: message['synthetic'] === true ? 'drafted' : 'none',
    });
    if (!Array.isArray(replies)) return conversation.complain(`${path}.replies`, 'Is not a list');
    for (const [place, reply] of replies.entries()) add(reply, `${path}.replies[${place}]`, index, depth + 1);
  }

  if (record['prompt'] === undefined) conversation.complain('prompt', 'There is no "prompt" with the first message');
  else add(record['prompt'], 'prompt', null, 0);
  return conversation.result();
}
