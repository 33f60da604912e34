"""What the log says: `words.zh.json` and `words.en.json`, by module and key."""

from jifen.policy.word_catalogue import WordCatalogue

say = WordCatalogue(__file__)
