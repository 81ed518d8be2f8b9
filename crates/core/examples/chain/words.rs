//! Names and sentences that a year of records in the east of Chad could be made of.

/// A town with its WGS 84 degrees, to a hundredth.
pub type Town = (&'static str, f64, f64);

pub const TOWNS: [Town; 16] = [
    ("Mongo", 12.19, 18.69),
    ("Mangalmé", 12.35, 19.61),
    ("Oum Hadjer", 13.30, 19.70),
    ("Abéché", 13.83, 20.83),
    ("Farchana", 13.60, 21.75),
    ("Adré", 13.47, 22.20),
    ("Goz Beïda", 12.22, 21.41),
    ("Am Dam", 12.76, 20.47),
    ("Biltine", 14.53, 20.92),
    ("Guéréda", 14.51, 22.08),
    ("Iriba", 15.12, 22.25),
    ("Hadjer Hadid", 13.38, 21.60),
    ("Koukou Angarana", 12.01, 21.66),
    ("Am Timan", 11.03, 20.28),
    ("Bitkine", 11.98, 18.21),
    ("Ati", 13.21, 18.34),
];

pub const PEOPLE: [&str; 12] = [
    "Idriss", "Hawa", "Moussa", "Achta", "Fatimé", "Oumar", "Zenaba", "Brahim", "Khadija", "Saleh", "Mariam",
    "Abakar",
];

pub const GROUPS: [&str; 10] = [
    "Elders",
    "Women's committee",
    "Youth association",
    "Canton chief",
    "Market traders",
    "Health committee",
    "Imam",
    "Refugee representatives",
    "Gendarmerie",
    "Transport union",
];

pub const SAID: [&str; 14] = [
    "Do not send the white cars on Thursday, they will be stopped at the wadi",
    "Men on motorcycles asked the boys at the well when the trucks come back",
    "Si vous distribuez encore sans nous, vos véhicules ne repartiront pas",
    "People say that the sacks are sold in the market by your own guards",
    "The road behind the bridge is watched at night, the drivers know by whom",
    "سيارات المنظمة لن تمر من هنا بعد اليوم",
    "The list was made by one family and the others were left out again",
    "On a tiré en l'air près du dépôt, les gardiens sont partis avant l'aube",
    "Leave before the harvest or we come to the compound and take what is ours",
    "We thank the midwife, the women walk from far to see her",
    "The herders move early this year and the fields are not cut yet",
    "Somebody wrote on the wall of the clinic that strangers have to go",
    "Une voiture sans plaque suit l'équipe depuis le marché jusqu'au pont",
    "Young men were paid to throw stones at the next convoy with sacks",
];

pub const DONE: [&str; 8] = [
    "Two cars with radios, no stop before the bridge",
    "Met the canton chief and agreed on the list together",
    "Guards of the depot changed, keys counted each evening",
    "Distribution moved to the morning and to the school yard",
    "Répondu au comité vendredi, ils ont accepté les critères",
    "Driver given leave, family visited, doctor informed",
    "Wall of the compound raised where it had fallen",
    "Route by the east checked by the transport union",
];
