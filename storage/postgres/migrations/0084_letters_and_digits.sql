-- Names that differ in letters of Persian and Urdu keyboards, or in digits, are one now. Of two that
-- became one the first keeps the key.
WITH known AS (
    SELECT id, chat_id, name_key, translate(
        name_key,
        'یکہھ٬٫٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯੦੧੨੩੪੫੬੭੮੯૦૧૨૩૪૫૬૭૮૯୦୧୨୩୪୫୬୭୮୯௦௧௨௩௪௫௬௭௮௯౦౧౨౩౪౫౬౭౮౯೦೧೨೩೪೫೬೭೮೯൦൧൨൩൪൫൬൭൮൯๐๑๒๓๔๕๖๗๘๙໐໑໒໓໔໕໖໗໘໙',
        'يكهه,.0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789'
    ) AS folded FROM topics
)
UPDATE topics SET name_key = k.folded FROM known k
WHERE k.id = topics.id AND k.folded <> k.name_key AND NOT EXISTS (
    SELECT 1 FROM known o WHERE o.chat_id = k.chat_id AND o.folded = k.folded
        AND (o.id < k.id OR o.name_key = k.folded));
