import { contentId, createConversation, instructionId, isBlank, isObject, ownId } from './conversation.ts';
import type { Conversation } from './conversation.ts';

/**
 * A Self-Instruct task: one instruction with instances of input and output. Every instance becomes a pair of its own, with
 * its input as context, because an answer belongs to its input. An empty output leaves the instruction open.
 */
export function readSelfInstruct(record: Record<string, unknown>): Conversation {
  const conversation = createConversation();
  const instances = record['instances'];
  if (!Array.isArray(instances) || instances.length === 0 || !instances.every(isObject)) {
    conversation.complain('instances', 'Is not a list of objects with "input" and "output"');
    return conversation.result();
  }
  const instruction = { field: 'instruction', value: record['instruction'] };
  // Before it is hashed with every instance.
  if (!conversation.isText(instruction)) return conversation.result();
  const taskId = ownId(record['id']);
  for (const [index, { input, output }] of instances.entries()) {
    if (conversation.isFull()) break;
    const path = `instances[${index}]`;
    const id = taskId === null ? contentId([instruction.value, input, output]) : `${taskId}/${index}`;
    const parent = conversation.add({
      role: 'instruction',
      text: instruction,
      context: { field: `${path}.input`, value: input },
      externalId: instructionId(id),
      parent: null,
    });
    if (!isBlank(output)) conversation.add({ role: 'response', text: { field: `${path}.output`, value: output }, externalId: id, parent });
  }
  return conversation.result();
}
