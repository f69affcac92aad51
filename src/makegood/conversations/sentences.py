"""Words for made-up letters: a shop for tents, its customers, and sentences that both would write. Pure data."""

FIRST = (
    "Odile", "Bartholomew", "Saoirse", "Ione", "Anselm", "Hanneke", "Kofi", "Greta", "Marguerite", "Tobias", "Ayla", "Ruben",
    "Philippa", "Idris", "Leonie", "Cosmo", "Thandiwe", "Emeric", "Yuki", "Beatrix", "Lorcan", "Amara", "Sixten", "Delphine",
)  # fmt: skip
LAST = (
    "Fenwick", "Krill", "Tallow", "Cassavet", "Okoro-Dune", "Vos-Lind", "Larkspur", "Moonstone", "Quillon", "Thornberry",
    "Pell", "Ashgrove", "Marrow", "Winterbourne", "Sandoval-Reed", "Hollis", "Ferreira", "Nakagawa-Birch", "Oyelaran", "Stroud",
)  # fmt: skip
SUBJECTS = (
    "Cracked tent pole", "Where is my parcel", "Zip of the sleeping bag", "Wrong colour in the box", "A question about the Heron",
    "Return of the stove", "Invoice for last month", "Groundsheet leaks", "Can it be repaired", "Thank you", "Spare pegs",
    "Change of address", "Gift for my sister", "Second time this happens", "Size of the rucksack", "Refund has not arrived",
)  # fmt: skip
THEIRS = (
    "The main pole of my Heron 2 cracked on its very first night out.", "We leave for the coast on Saturday morning.",
    "I have photos of it if that helps.", "This is the third time I write about this.", "Could you tell me what happens next?",
    "The zip caught the fabric and now it will not move at all.", "I ordered the moss green one and got the rust.",
    "My neighbour has the same tent and it never leaked.", "Please let me know by the end of the week.",
    "I would rather hear a straight no than wait.", "The stove still smells of paraffin after two weeks.",
    "Nobody answered the telephone this morning.", "It is a present, so the box matters more than usual.",
    "I have moved house since the order was placed.", "The invoice shows a discount that I never saw.",
    "Everything else in the parcel was perfect.", "The seam along the left side has come apart.",
    "Do you repair jackets that are older than ten years?", "My bank says that nothing has come in yet.",
    "The groundsheet let water in during a short shower.", "I do not need the money back, only a tent that stands.",
    "There were four pegs in the bag instead of sixteen.", "The colour on your page looks different from the real one.",
    "Thank you for the quick help the last time.", "Can I pick it up at the workshop instead?",
)  # fmt: skip
OURS = (
    "Thank you for telling us, and I am sorry about the night you had.", "I have set a new pole aside with your name on it.",
    "Our workshop looks at it on Thursday and I will write to you that evening.", "The parcel left this morning.",
    "You can keep the old one, we do not need it back.", "I have asked the courier and call you by three.",
    "The refund is on its way and takes up to four days at your bank.", "That was our mistake and we put it right.",
    "The repair costs nothing, also after ten years.", "I have corrected the invoice, it is attached.",
    "Your new address is noted for this order and the next ones.", "We will tell you before then if we need longer.",
    "The moss green one is packed and the rust one can come back in the same box.", "Twelve pegs are in the post.",
    "The workshop is open until six, ask for Jonas.", "I have spoken to the colleague who packed it.",
)  # fmt: skip
COMMON, RARE = "The delivery was due last week.", "It says quixotrope on the label."
