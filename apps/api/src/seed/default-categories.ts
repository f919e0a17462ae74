import type { NewCategory } from '../modules/datasets/repository.ts';

const brainstorming: NewCategory = {
  slug: 'brainstorming',
  title: 'Brainstorming',
  targetCount: 1500,
  requiresContext: false,
  guideline: `**What belongs here.** Requests for many ideas instead of one answer: names, activities, gifts, topics, ways to solve a problem. Nobody can say that one list is *the* right one, but it is easy to say that one is more useful than another.

**A good instruction** says what the ideas are for and sets a limit or two: how many, for whom, with what budget, what to avoid. Limits make ideas better.

**A good response** gives ideas that differ from each other in kind, not only in wording. Each can be acted on as it stands, and one short reason or detail shows that it was thought through. Use a list; five to ten points are plenty.

**Common mistakes**

- Ten variations of one idea.
- Ideas so general that they fit every question ("be creative", "do some research").
- Ignoring a limit: twelve ideas where five were asked for, or a costly one where the budget is small.
- Opening with a paragraph that repeats the question.`,
  goodExample: {
    instruction:
      'Suggest five ways to keep a class of ten-year-olds busy for twenty minutes when a planned walk is rained off. There is a blackboard, paper and nothing else.',
    response: `1. **Picture relay.** Rows take turns adding one line each to a drawing on the blackboard; at the end, everybody names what it became.
2. **Twenty questions** about an animal, played by the whole class against one child who knows it.
3. **Folded stories.** Everyone writes a sentence, folds it over and passes the paper on. Read the best three aloud.
4. **Silent line-up.** The class lines up by birthday without speaking a word, then checks the result.
5. **Rain map.** In pairs, draw the way from the school to home and mark where the water runs when it rains.`,
    why: 'Five ideas as asked, each of another kind, each possible with paper and a blackboard, and each explained in a sentence.',
  },
  badExample: {
    instruction: 'Give me ideas for children.',
    response: 'You could play games, play other games, do something creative, do sports, or be outside.',
    why: 'The instruction does not say what the ideas are for. The response names whole fields instead of ideas, and two of the five are the same.',
  },
};

const classification: NewCategory = {
  slug: 'classification',
  title: 'Classification',
  targetCount: 2000,
  requiresContext: false,
  guideline: `**What belongs here.** Tasks that sort things into groups: which of these are fruit and which vegetables, is this review friendly or angry, which tense is this sentence in. The groups are named in the instruction or follow clearly from it.

**A good instruction** names every group and gives everything that is to be sorted. If a text has to be judged, put it into the context. Choose cases that take a moment of thought, but where careful people would agree.

**A good response** places every item, uses the names of the groups exactly as given, and is laid out so that it can be read at a glance. Where a case is less than obvious, half a sentence of reason helps more than certainty.

**Common mistakes**

- Groups that overlap, so that an item fits into two of them.
- Items forgotten or added in the response.
- Questions of taste ("sort these films into good and bad") that have no answer to agree on.
- Sorting people by origin, belief or looks. We do not want such tasks.`,
  goodExample: {
    instruction:
      'Sort these instruments by how they make their sound, into strings, wind and percussion: viola, xylophone, oboe, harp, timpani, piano.',
    response: `- **Strings:** viola, harp, piano
- **Wind:** oboe
- **Percussion:** xylophone, timpani

The piano is the hard case: its keys move hammers, but what sounds are the strings they hit.`,
    why: 'The groups are named and the principle is stated. Every item is placed once, and the one doubtful case is explained.',
  },
  badExample: {
    instruction: 'Classify: apple, carrot, tomato, bread.',
    response: 'Apple and tomato are red. Carrot is a vegetable. Bread is food.',
    why: 'No groups are named, so the response makes some up as it goes: a colour, a kind, and one that holds for all four.',
  },
};

const closedQa: NewCategory = {
  slug: 'closed_qa',
  title: 'Closed question (with a passage)',
  targetCount: 2000,
  requiresContext: true,
  guideline: `**What belongs here.** Questions that are answered from a given passage, and from nothing else. The passage goes into the context, with the address where you found it and its licence. Wikipedia is a good source (CC-BY-SA-4.0).

**A good instruction** asks for something that the passage really says, but that takes reading: a reason, a comparison, a number that has to be found or worked out. Write the question so that it would still make sense beside another passage on the same matter.

**A good response** answers in your own words and in full sentences, and stays inside the passage even if you know more. If the passage does not hold the answer, a question about that can be useful too: then the response says that it is not stated.

**Common mistakes**

- A question that anyone can answer without the passage.
- Knowledge from outside, even when it is true.
- Copying a whole paragraph where one sentence answers.
- A passage without its source: it could never be published. Two to ten sentences are a good length.`,
  goodExample: {
    instruction: 'Why were the walls of the storehouse pierced with slits, and why did they face north?',
    context:
      'The storehouse was built in two floors. Grain lay on the upper one, a hand deep, and was turned with wooden shovels every few days. Narrow slits under the roof let the damp out; the builders set all of them in the north wall, since rain in that valley comes from the south and west. Even so, a tenth of the harvest was usually lost before spring.',
    response:
      'The slits let moisture escape from the stored grain. They were all placed in the north wall because rain in the valley came from the south and west, so that side stayed dry.',
    why: 'Both halves of the question are answered from the passage, in new words, and with nothing added to it.',
  },
  badExample: {
    instruction: 'What is grain?',
    context: 'Grain lay on the upper floor of the storehouse and was turned with wooden shovels every few days.',
    response: 'Grain is the seed of cereal crops such as wheat, rye and rice, and has been farmed for over ten thousand years.',
    why: 'The response may be right, but the passage says none of it. This would be an open question; here, the passage must carry the answer.',
  },
};

const creativeWriting: NewCategory = {
  slug: 'creative_writing',
  title: 'Creative writing',
  targetCount: 1500,
  requiresContext: false,
  guideline: `**What belongs here.** Texts that somebody would read for pleasure or use for an occasion: a short story, a poem, a letter, a speech, a dialogue, a scene, a toast, an advertisement for something invented.

**A good instruction** gives a form, a subject and one thing that makes the task its own: a voice, a turn, a length, something that has to happen or must not be mentioned. "Write a poem" leads nowhere; "write eight lines to a bicycle that is being given away" does.

**A good response** keeps what was asked for and is still a text of its own, with particular things in it in place of general feelings. It has an end, not only a last line. Write it yourself: other people notice, and so do models.

**Common mistakes**

- Texts or characters that belong to somebody else, and poems learned by heart.
- Telling what the text is about instead of writing it.
- Ready-made phrases: hearts that race, hope that blossoms.
- Leaving out the given length, form or name.`,
  goodExample: {
    instruction: 'Write a note of at most eighty words from a house to the family that moves out today. The house should not sound sad.',
    response: `Dear all,

the third stair creaks because I like to know who is coming home. You never repaired it; thank you. I am keeping the pencil marks inside the pantry door: Lena at one metre four, Lena at one metre twenty, the dog, once, standing up. Whoever comes next will paint over them, and I will still know.

Take the good lamp. Leave me the echo; I have not had it for years.

Yours,
Number 12`,
    why: 'It keeps to form, length and mood. The stair, the pencil marks and the echo could not stand in any other note.',
  },
  badExample: {
    instruction: 'Write something about a house.',
    response:
      'The house was beautiful and full of memories. Its walls had seen laughter and tears. It was more than a house, it was a home.',
    why: 'The instruction sets no task. The response is made of phrases that fit every house, and so describes none.',
  },
};

const generalQa: NewCategory = {
  slug: 'general_qa',
  title: 'General question',
  targetCount: 2000,
  requiresContext: false,
  guideline: `**What belongs here.** Questions that ask for understanding or advice and not for one fact: how something works, why people do it, what speaks for and against it, how to go about it. You answer them from what you know and have lived through. If a single fact would settle the matter, it is an *open question*.

**A good instruction** sounds like somebody who really wants to know, and says enough about their situation to be answered well.

**A good response** begins with the answer and then gives the reasons. It is balanced where careful people differ, and says plainly where knowledge ends. Explain words that a newcomer would not know. Three short paragraphs are often enough.

**Common mistakes**

- "It depends" without saying on what.
- Advice on illness, law or money that sounds certain where a professional has to look.
- Opinions dressed as facts.
- Questions about living private people, or about today's news: the answer will be wrong next year.`,
  goodExample: {
    instruction: 'I bake bread at home and it is always dense. What is most likely going wrong, and how do I find out?',
    response: `Most often the dough has not risen long enough. Times in recipes assume a warm kitchen; in a cool one the same dough can need twice as long. Go by its size instead: it should nearly double, and a dent from a floured finger should fill up again slowly. If it springs back at once, wait.

If that does not help, look at the yeast and the flour. Stir a little yeast into lukewarm water with a pinch of sugar: after ten minutes it should foam. Whole-grain flour makes a closer crumb in any case; try the same recipe with a third of it replaced by white flour.

Change one thing at a time, or you will not know which of them it was.`,
    why: 'It starts with the likeliest cause, gives a test for each, explains why, and says how to find out, which was half of the question.',
  },
  badExample: {
    instruction: 'Is bread good?',
    response: 'Yes, bread is very good and healthy and everyone should eat it every day, as all experts agree.',
    why: "The question has no direction. The response is an opinion that claims to be everybody's, and gives health advice without a reason.",
  },
};

const informationExtraction: NewCategory = {
  slug: 'information_extraction',
  title: 'Information extraction',
  targetCount: 1500,
  requiresContext: true,
  guideline: `**What belongs here.** Tasks that pull particular things out of a passage and put them into a given shape: all dates with what happened on them, the ingredients as a list, the names of the rivers, a table of prices. The passage goes into the context, with its source and licence.

**A good instruction** says what to find *and* how to write it down: a list, a table with these columns, one line each, in the order of the text. Someone else with the same passage should arrive at the same result.

**A good response** holds everything that was asked for and nothing else, in exactly that shape. Spelling, units and numbers stay as the passage has them, unless the instruction says to convert them. What is missing is marked as missing.

**Common mistakes**

- Leaving out the item that is hard to see, such as one in a subordinate clause.
- Filling a gap from memory.
- Comments around the list.
- A passage that holds one item only: then it is a *closed question*.`,
  goodExample: {
    instruction: 'List every measurement in the passage as a table with the columns "what", "value" and "unit", in the order of the text.',
    context:
      'The ferry is 48 metres long and carries up to thirty cars. On the crossing, which takes 25 minutes, it burns about 90 litres of diesel; the new engine that is planned for spring should need a fifth less.',
    response: `| what | value | unit |
| --- | --- | --- |
| length of the ferry | 48 | metres |
| capacity | up to 30 | cars |
| duration of the crossing | 25 | minutes |
| diesel per crossing | about 90 | litres |
| planned saving with the new engine | a fifth | of the diesel |`,
    why: 'Complete, including the two values written as words, in the order and shape asked for. "Up to" and "about" were kept.',
  },
  badExample: {
    instruction: 'What numbers are there?',
    context: 'The ferry is 48 metres long and carries up to thirty cars. The crossing takes 25 minutes.',
    response: 'The passage mentions 48 and 25, among other things. The ferry is probably around 12 metres wide.',
    why: 'No shape is given. The response leaves out the thirty cars, covers that up with "among other things", and makes a number up.',
  },
};

const openQa: NewCategory = {
  slug: 'open_qa',
  title: 'Open question',
  targetCount: 2500,
  requiresContext: false,
  guideline: `**What belongs here.** Questions about the world that have an answer which can be checked, and that need no passage: what, when, where, how many, why, what is the difference. You may look things up, but you write the answer yourself.

**A good instruction** can be understood on its own and will have the same answer in ten years. It asks one thing. The best are those you once wondered about yourself.

**A good response** gives the answer in its first sentence and then one or two more that make it useful: the reason, the exception, a comparison. Be sure of it, and check names and numbers against a source that you trust. Where sources differ, say so.

**Common mistakes**

- Facts from memory that nobody checked. This is the commonest reason for a rejection.
- Sentences copied from an encyclopedia or from a chatbot.
- Answers that age: "the current champion", "last year".
- Questions only a handful of people could ask or check.
- A one-word answer to a question that deserves a sentence.`,
  goodExample: {
    instruction: 'Why does the sea at most coasts rise and fall twice a day and not once, if there is only one moon?',
    response:
      'Because the moon raises the sea on two sides of the Earth at once. On the side that faces it, the water is pulled more strongly than the Earth as a whole; on the far side it is pulled less strongly and stays behind, so there is a second bulge. As the Earth turns, most coasts pass through both in a little under 25 hours. The shape of the seabed and the shore changes this a good deal, and some coasts have only one high tide a day.',
    why: 'The answer comes first, then the reason, then the exception. Everything in it can be checked in any textbook on tides.',
  },
  badExample: {
    instruction: 'Who is the best football player right now?',
    response: 'Many people would say Messi.',
    why: 'A matter of opinion that will have changed by the time somebody trains on it, and an answer that hides behind "many people".',
  },
};

const summarization: NewCategory = {
  slug: 'summarization',
  title: 'Summarization',
  targetCount: 2000,
  requiresContext: true,
  guideline: `**What belongs here.** Tasks that make a passage shorter: into one sentence, into three points, for a child, for somebody who has to decide. The passage goes into the context, with its source and licence. Take one of at least a hundred words, or there is nothing to leave out.

**A good instruction** says how long the summary should be and for whom or what it is. "Summarize this" is allowed, but "in two sentences, for a neighbour who missed the meeting" teaches far more.

**A good response** keeps what matters for that reader, in new words and in the length given. It adds nothing, judges nothing that the passage does not judge, and gets the relations right: who did what, what came first, what caused what.

**Common mistakes**

- The first sentences of the passage, copied.
- A list of details without the point.
- Reversing a "not", a "few" or a "might".
- A summary almost as long as the passage, or one that begins "This text is about".`,
  goodExample: {
    instruction: 'Summarize the passage in two sentences for someone who wants to know whether to visit the market, and when.',
    context:
      'The covered market reopened in May after four years of work. The iron roof of 1894 was taken down piece by piece, cleaned and put back; the stone floor is new. Of the forty-one stallholders who left for the tents on the river, twenty-nine came back, most of them selling vegetables, cheese and fish. Rents have risen by a third, which is the reason most of the others gave for staying away. The market is open from Tuesday to Saturday until two in the afternoon. Traders say that mornings are full and that after twelve, one can talk to them. A restaurant under the roof is planned, but the town has not yet found anyone to run it.',
    response:
      'The restored market hall is worth a visit for its old iron roof and some thirty stalls, chiefly with vegetables, cheese and fish; there is no restaurant yet. It opens from Tuesday to Saturday until two, and is calmest after noon.',
    why: 'Two sentences, and only what this reader needs. The rents matter to the traders, and are rightly left out here.',
  },
  badExample: {
    instruction: 'Summarize.',
    context:
      'The covered market reopened in May after four years of work. The iron roof of 1894 was taken down piece by piece, cleaned and put back; the stone floor is new.',
    response:
      'This text is about a market. The covered market reopened in May after four years of work. The iron roof of 1894 was taken down piece by piece. It is a wonderful place.',
    why: 'The passage is too short to summarize. The response copies half of it, announces itself, and adds an opinion of its own.',
  },
};

/** The eight task types of databricks-dolly-15k, with guidelines for those who write and review: what a new dataset begins with. */
export const defaultCategories: readonly NewCategory[] = [
  brainstorming,
  classification,
  closedQa,
  creativeWriting,
  generalQa,
  informationExtraction,
  openQa,
  summarization,
];
