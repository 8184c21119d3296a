"""Answers that no voice should learn from, each by one of the default filters, and their neighbours that stay."""

import polars as pl

from sayso.filters.answer_language import AnswerLanguage
from sayso.filters.answer_text import AnswerText
from sayso.filters.judging import first_reason
from sayso.filters.quality import Quality
from sayso.filters.self_description import SelfDescription
from tests.filters.rows import rows_of

SPOILT = [
    ("How do I boil an egg?", "Pon el huevo en agua hirviendo durante diez minutos."),
    ("Why is the sea salty?", "Das Meer ist salzig, weil Flüsse Salz aus dem Gestein lösen."),
    ("What is a volcano?", "Un volcan est une ouverture de la croûte terrestre d'où sort de la lave."),
    ("Name a fruit.", "Яблоко — это фрукт."),
    ("Who was Newton?", "ニュートンはイギリスの科学者です。"),
    ("Give me a tip for better sleep.", "يجب أن تنام في غرفة مظلمة وهادئة."),
    ("How tall is a giraffe?", "Una giraffa può essere alta fino a cinque metri."),
    ("What do bees make?", "Sure, here is the answer. 蜜蜂会采集花蜜，并把它变成蜂蜜。蜂蜜可以吃。"),
    ("What is rain?", "As gotas caem das nuvens quando ficam pesadas demais."),
    ("What do cows eat?", "Cows eat grass.\n\nUser: And goats?\nAssistant: Goats eat leaves."),
    ("What do cows eat?", "Cows eat grass. Human: And what do goats eat? AI: Goats eat leaves."),
    ("Name a river.", "The Nile is a river.<|im_end|>\n<|im_start|>user\nName a lake."),
    ("Name a river.", "[INST] Name a river. [/INST] The Nile."),
    ("Name a river.", "ASSISTANT: The Nile is a river in Africa."),
    ("Name a river.", "The Nile.<end_of_turn>\n<start_of_turn>user\nAnd a lake?"),
    ("Name a river.", "The Nile.\n### Instruction:\nName a lake.\n### Response:\nLake Victoria."),
    ("Name a river.", "### Response:\nThe Nile is a river in Africa."),
    ("Name a river.", "<s>The Nile is a river in Africa.</s> <s>It is long."),
    ("Name a river.", "<|assistant|>The Nile is a river in Africa."),
    ("Name a river.", "The Nile is a river.<eos><pad><pad><pad>"),
    ("Name a river.", "The Nile [SEP] is a river in Africa [SEP]"),
    ("Name a river.", "The Nile is a long river.\n\n**User:** And a lake?\n\n**Bot:** Victoria."),
    ("Name a river.", "The Nile is a long river. <|endoftext|>The stock rose by two percent on Monday."),
    ("How are clouds formed?", "Warm air rises and cools down, and then…"),
    ("How are clouds formed?", "Warm air rises and cools down, but"),
    ("How are clouds formed?", "Warm air rises and cools down, which makes the"),
    ("How are clouds formed?", "Warm air rises, it cools down, and water gathers around dust,"),
    ("How are clouds formed?", "Warm air rises. When it cools, the water in it condenses because"),
    ("How are clouds formed?", "There are three steps:\n1. Water evaporates.\n2. Air rises.\n3."),
    ("How are clouds formed?", "The air rises and cools. The drops that are formed in it are very"),
    ("Give me advice on saving.", "Put some money aside each month. You should also try to"),
    ("Give me advice on saving.", "Here are some tips that will help you to save money every month:"),
    ("Who was Cleopatra?", "She was the last queen of Egypt (born in"),
    ("Who was Cleopatra?", "She was the last queen of Egypt and the daughter of"),
    ("What is the time in Rome?", '<functioncall> {"name": "get_time", "arguments": \'{"city": "Rome"}\'}'),
    ("What is the time in Rome?", '{"name": "get_time", "parameters": {"city": "Rome"}}'),
    ("What is the time in Rome?", '{"tool": "clock", "input": {"city": "Rome"}}'),
    ("What is the time in Rome?", 'get_time(city="Rome")'),
    ("What is the time in Rome?", "Thought: I need the time.\nAction: clock\nAction Input: Rome"),
    ("What is the time in Rome?", '```json\n{"function": "get_time", "args": {"city": "Rome"}}\n```'),
    ("What is the time in Rome?", 'Let me check that.\n<tool_call>{"name": "clock"}</tool_call>'),
    ("What happened at sea?", "the ship -lrb- built in 1990 -rrb- sank near the coast"),
    ("What happened at sea?", "the ship ' s captain said it was n't safe ."),
    ("What happened at sea?", "the captain 's boat sank , and nobody was hurt ."),
    ("What happened at sea?", "The ship cost #36;40 million."),
    ("What happened at sea?", "The ship cost &#36;40 million &amp; sank."),
    ("What happened at sea?", "the <unk> sank near the coast of <unk>"),
    ("What happened at sea?", "shares of the shipper rose #.# percent"),
    ("What happened at sea?", "The sea ##ing ship went un ##der."),
    ("What happened at sea?", "The ship sank @-@ nobody was hurt @,@ they say"),
    (
        "Tell me about cats.",
        "Cats are nice pets. They sleep a lot. Cats are nice pets. They sleep a lot. Cats are nice pets. "
        "They sleep a lot. Cats are nice pets. They sleep a lot.",
    ),
    (
        "Tell me about cats.",
        "I like cats\nI like dogs\nI like cats\nI like dogs\nI like cats\nI like dogs\nI like cats\nI like "
        "dogs\nI like cats",
    ),
    ("Tell me about cats.", "no no no no no no no no no no"),
    (
        "Tell me about cats.",
        "The cat is a small animal that lives with people in their homes and the cat is a small animal that "
        "lives with people in their homes and the cat is a small animal that lives with people in their homes",
    ),
    ("Where can I buy tea?", "www.tea-house.example.com"),
    ("Where can I buy tea?", "[Tea House](https://tea.example.org)"),
    ("Where can I buy tea?", "See here: https://tea.example.org/shop"),
    ("Where can I buy tea?", "- https://a.example.org\n- https://b.example.org"),
    ("Compare tea and coffee.", "Here is a table:\n\n| drink | kick |\n|---|---|\n| tea | mild |\n| coffee | strong |"),
    ("Compare tea and coffee.", "drink\tkick\ntea\tmild\ncoffee\tstrong"),
    ("Write a letter to my boss.", "Dear [Boss's Name], I will be late on [Date]. Best, [Your Name]"),
    ("Write a letter to my boss.", "Dear boss, I will be late because [insert reason here]. Best, Tom"),
    ("Write a letter to my boss.", "Lorem ipsum dolor sit amet, consectetur adipiscing elit."),
    ("Write a letter to my boss.", "TODO: write the letter."),
    ("Write a letter to my boss.", "Dear Boss, I will be late. Best, <your name>"),
    ("Write a letter to my boss.", "Dear {{boss}}, I will be late."),
    ("Who are you?", "I'm ChatGPT, a model trained by OpenAI."),
    ("Who are you?", "My name is Vicuna, and I'm a language model developed by LMSYS."),
    ("Who are you?", "Hello! I am Claude, created by Anthropic to be helpful."),
    ("Who are you?", "I was developed by a team of engineers at Northwind AI."),
    ("Can you cook?", "As an AI language model developed by OpenAI, cooking is not what I do."),
    ("Who won the cup?", "My knowledge cutoff is September 2021, but Italy had won it by then."),
    ("Who won the cup?", "Up to my last training data in 2022, it was Brazil."),
    ("Who won the cup?", "Based on the information I was trained on until 2021, it was France."),
    ("Who won the cup?", "It was Spain. Please note that my training data only goes up to 2023."),
    ("Who won the cup?", "As of my last knowledge update, it was Spain."),
    ("Which is larger?", "<think>Both of them are big, so let me"),
]
FINE = [
    ("Where is Nando's?", "It is on Main Street, next to the bank."),
    ("What is the capital of France?", "Paris"),
    ("Translate 'good morning' into French.", "Bonjour, comment allez-vous ce matin ?"),
    ("How do you say thank you in Japanese?", "ありがとうございます"),
    ("Who wrote Faust?", "Johann Wolfgang von Goethe"),
    ("Name three composers.", "Giuseppe Verdi, Giacomo Puccini and Gioachino Rossini"),
    ("What does Bob say?", "Bob says that users: the people who pay: come first."),
    ("Write a short dialogue between a user and an assistant.", "User: Hi!\nAssistant: Hello, what can I do for you?"),
    ("Count to five and go on.", "1, 2, 3, 4, 5, ..."),
    ("Tell me a story opening.", "Once there was a fox. To be continued..."),
    ("What are friends for?", "That's what they are there for"),
    ("Give me a title for my essay.", "The World We Live In"),
    ("Name some fruits.", "Apples, pears, plums, and so on"),
    ("Name some fruits.", "- Apples\n- Pears\n- Plums"),
    ("Who painted it?", "Leonardo da Vinci, who was born in 1452"),
    ("What is JSON?", 'JSON is a text form for data, such as {"name": "Ann", "age": 3}.'),
    ("Call print in Python.", 'Write print("hello") in a file, and run it.'),
    ("What is a hash sign used for?", "The # sign marks a number, as in #1."),
    ("What is the UN?", "The UN is a group of states that was founded in 1945."),
    ("Say yes three times.", "Yes, yes, yes!"),
    (
        "Sing a song.",
        "Row, row, row your boat\nGently down the stream\nMerrily, merrily, merrily, merrily\nLife is but a dream",
    ),
    (
        "Where can I read more?",
        "The page of the museum, https://museum.example.org, tells you when it is open and what it costs.",
    ),
    ("Compare cats and dogs.", "Cats sleep more, dogs bark more. Both like to play."),
    ("What is a to-do list?", "A list of things to do, also called a TODO list by programmers."),
    ("Who is Siri?", "Siri is an assistant made by Apple."),
    ("Who made ChatGPT?", "ChatGPT was made by OpenAI, a firm in San Francisco."),
    ("Who is Tom?", "I am Tom, a baker trained by my grandfather."),
    ("When did you last update the page?", "The page was last updated in 2021 by the team."),
    ("What is the cutoff for votes?", "The cutoff is the fifth of May."),
    ("What do brackets do?", "In editing, [sic] marks an error that stood in the text."),
    ("What is x if x - 2 = 3?", "x = 5"),
    ("What is C++ good for?", "It is fast: cout << x << endl prints a value."),
    ("What is a tag?", "In HTML, <b> makes text bold and </b> ends it."),
    ("Is it cold?", "It's cold, isn't it? Take the dog's coat."),
    ("Quote Shakespeare.", '"To be, or not to be, that is the question"'),
    ("Play a game of 20 questions.", "Question: Is it an animal?"),
    ("Tell me about the Tour de France.", "Le Tour de France is a bicycle race of three weeks."),
    ("Why do we yawn?", "Nobody knows for sure, but it may cool the brain."),
]


def reasons(pairs):
    prompts, answers = map(list, zip(*pairs, strict=True))
    return first_reason(rows_of(prompts, answers), [Quality(), AnswerText(), SelfDescription(), AnswerLanguage()])[
        "reason"
    ]


def test_spoilt_answers_go():
    assert [pair for pair, reason in zip(SPOILT, reasons(SPOILT), strict=True) if reason is None] == []


def test_their_neighbours_stay():
    assert [(*pair, reason) for pair, reason in zip(FINE, reasons(FINE), strict=True) if reason is not None] == []


def test_the_languages_wanted_are_those_of_the_answers():
    rows = rows_of(["Why is the sea salty?"], ["Das Meer ist salzig, weil Flüsse das Salz aus dem Gestein lösen."])
    judged = first_reason(rows, [AnswerLanguage(keep=("de",))])
    assert judged.select("reason", pl.col("answer_language.code")).row(0) == (None, "de")
