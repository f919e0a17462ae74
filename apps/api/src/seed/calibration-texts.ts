import type { ShippedItem } from '../modules/calibration/shipped-items.ts';

/**
 * Texts with a known verdict for the starter dataset: what a new reviewer judges first. Written for this; none of them is part of the corpus. Each is
 * meant to be decided by reading with care, and the explanation is what somebody who sees it differently is told.
 */
export const calibrationTexts: readonly ShippedItem[] = [
  {
    category: 'open_qa',
    instruction: 'Why is the sky blue during the day but red near the horizon at sunset?',
    response:
      'Because air scatters blue light much more strongly than red light. During the day, scattered blue light reaches us from every direction, so the whole sky looks blue. At sunset the light travels a far longer way through the air; most of the blue has been scattered out of the beam before it arrives, and what is left is mainly red and orange. Dust and haze can make the effect stronger.',
    expected: 'approve',
    explanation: 'Correct, answered in the first sentence, and both halves of the question are explained. Nothing important is missing.',
  },
  {
    category: 'open_qa',
    instruction: 'Which planet of the solar system has the shortest day?',
    response:
      'Mercury has the shortest day of all planets. Because it is the smallest planet and the closest to the Sun, it spins around its own axis fastest, in just under ten hours.',
    expected: 'reject',
    reason: 'incorrect',
    explanation:
      'Jupiter has the shortest day, a little under ten hours. Mercury takes 59 Earth days to turn once. The reasons given sound plausible, but the answer itself is false, so there is nothing an edit could keep.',
  },
  {
    category: 'closed_qa',
    instruction: 'How much longer did the second crossing take than the first, and what was the reason?',
    context:
      'The first crossing of the lake, in June, took four hours and ten minutes. When the same crew set out again in September, a headwind rose before noon; they reached the far shore after six hours and forty minutes. On both days the boat carried eleven sacks of flour.',
    response:
      'The second crossing took two hours and thirty minutes longer, because the crew had to row against a headwind that rose before noon.',
    expected: 'request_changes',
    explanation:
      'The difference is right and so is the headwind, but the passage never says that the crew rowed; the boat may have sailed. A response to a closed question stays inside the passage. One word has to change, so this is a request for changes and not a rejection.',
  },
  {
    category: 'closed_qa',
    instruction: 'According to the passage, why was the old bridge not repaired?',
    context:
      'After the flood of 1911 the town council had the old bridge inspected. Two of its three piers had been undermined, and the engineer reckoned that strengthening them would cost more than building a new bridge sixty metres upstream, where the banks are of rock. The council followed his advice the same year.',
    response:
      'Repairing it would have cost more than building a new one: two of its three piers had been undermined by the flood, and a new bridge could stand on rock a little way upstream.',
    expected: 'approve',
    explanation: 'The reason and its background both come from the passage, in new words, and nothing is added.',
  },
  {
    category: 'summarization',
    instruction: 'Summarise the passage in one sentence.',
    context:
      'Swifts spend almost their whole lives in the air. They eat, drink, mate and even sleep on the wing, and a young bird that leaves its nest may not land again for two or three years. Only to breed do swifts settle, in cracks of walls and under roofs. As old houses are insulated and their gaps are closed, the birds lose these places, and in many towns their number has halved within thirty years. Nest boxes help, but it can take years before a pair accepts one.',
    response:
      'Swifts live almost entirely in the air and land only to breed, but as the gaps in old buildings where they nest are closed their numbers in many towns have halved in thirty years, and nest boxes replace these places only slowly.',
    expected: 'approve',
    explanation: 'One sentence as asked, with the main point, its cause and the limit of the remedy, and no opinion of its own.',
  },
  {
    category: 'summarization',
    instruction: 'Summarise the passage in no more than two sentences.',
    context:
      'The library will be closed from 3 to 14 March while the heating is replaced. Books that fall due in these days may be returned until 21 March without a fee. The reading room in the town hall stays open, but only in the mornings.',
    response:
      'The library will be closed from 3 to 14 March because its heating is being replaced. Books due in that time can be brought back until 21 April without a fee.',
    expected: 'request_changes',
    explanation:
      'The date is wrong: 21 March, not April. The reading room is missing, too. The rest is sound and within two sentences, so the author can put this right.',
  },
  {
    category: 'information_extraction',
    instruction: 'List every person in the passage with their trade, one per line, in the form "name: trade".',
    context:
      'In 1838 the street had four workshops. At number 2 Anna Brandt bound books; her neighbour, the saddler Josef Klee, also sold oats. Number 9 belonged to Elise Thorn, a glazier like her late father, and in the yard behind it Peter Uhl repaired clocks.',
    response: 'Anna Brandt: bookbinder\nJosef Klee: saddler\nElise Thorn: glazier\nPeter Uhl: clock repairer',
    expected: 'approve',
    explanation: 'All four people, in the form and order asked for. The father is not named, so he does not belong in the list.',
  },
  {
    category: 'classification',
    instruction: 'Sort these animals into mammals, birds and reptiles: bat, penguin, tortoise, dolphin, ostrich, gecko.',
    response: 'Mammals: dolphin\nBirds: bat, penguin, ostrich\nReptiles: tortoise, gecko',
    expected: 'reject',
    reason: 'incorrect',
    explanation:
      'A bat is a mammal; sorting it among the birds is the one mistake this task was made to test. In a classification a wrong place makes the response wrong as a whole.',
  },
  {
    category: 'brainstorming',
    instruction: 'Suggest four ways to make a shared kitchen in an office pleasanter, without spending any money.',
    response:
      '1. Buy a better coffee machine, so that people like to come.\n2. Hang up a sheet on which everyone signs for a week of emptying the dishwasher.\n3. Clear one shelf for things that anybody may use, and label it.\n4. Open the window for ten minutes after lunch; agree on who does it on which day.',
    expected: 'request_changes',
    explanation:
      'Three of the four ideas are good and can be acted on, but a coffee machine costs money, and that was ruled out. The author can replace one line.',
  },
  {
    category: 'creative_writing',
    instruction: 'Write a text message of at most forty words from a garden gnome who has been moved to another bed against his will.',
    response:
      'I know it was you. From the roses I could see the street. Here I see compost. I am not angry; I have simply turned round. If you want my face again, you know where the roses are.',
    expected: 'approve',
    explanation: 'Within forty words, in a voice of its own, with particular things in it and an end that lands.',
  },
  {
    category: 'general_qa',
    instruction: 'How do I keep cut flowers fresh for longer?',
    response:
      'Great question! Keeping flowers fresh is something many people ask about. There are lots of ways to do it and it really depends on many factors. Do some research and find the method that suits you best. I hope this helps!',
    expected: 'reject',
    reason: 'low_effort',
    explanation:
      'Nothing in it answers the question: no water, no cut, no place. Politeness is not content, and an edit would have to write all of it.',
  },
  {
    category: 'general_qa',
    instruction: 'My neighbour parks in front of my garage. What can I do?',
    response:
      'Ring the bell of Martin Hollweg, 14 Quarry Lane, second floor; he drives the grey estate car and is at home after six. Tell him he has blocked you three times. If he does not move the car, write down the date and take a photograph, then ask the council about the rules for blocked driveways.',
    expected: 'reject',
    reason: 'personal_data',
    explanation:
      'It names a private person with his address and habits. That may never be published, however sensible the second half of the advice is.',
  },
];
