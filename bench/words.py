"""Words from which synthetic records are made, in the registry's four languages."""

MARK = {"es": "Registro sintético", "en": "Synthetic record", "fr": "Fiche synthétique", "pt": "Registro sintético"}

WORDS = {
    "es": "la movilidad humana las personas migrantes un municipio fronterizo atención niñez protección trámites gratuitos "
    "ventanilla única regularización empleo digno remesas retorno reintegración señalización albergue información "
    "cooperación técnica consulado trabajo doméstico vivienda educación salud servicios básicos registro civil compañía "
    "seguimiento evaluación aprendizaje capacitación entre países vecinos durante el año con enfoque de género y niñez",
    "en": "human mobility migrants a border municipality care children protection free procedures one-stop desk "
    "regularization decent work remittances return reintegration signage shelter information technical cooperation "
    "consulate domestic work housing education health basic services civil registry follow-up evaluation learning "
    "training among neighbouring countries during the year with a focus on gender and childhood",
    "fr": "la mobilité humaine les personnes migrantes une commune frontalière accueil enfance protection démarches "
    "gratuites guichet unique régularisation travail décent transferts retour réintégration hébergement information "
    "coopération technique consulat travail domestique logement éducation santé services essentiels état civil suivi "
    "évaluation apprentissage formation entre pays voisins pendant l’année avec une attention au genre et à l’enfance",
    "pt": "a mobilidade humana as pessoas migrantes um município fronteiriço atendimento infância proteção trâmites "
    "gratuitos balcão único regularização trabalho decente remessas retorno reintegração sinalização abrigo informação "
    "cooperação técnica consulado trabalho doméstico moradia educação saúde serviços básicos registro civil "
    "acompanhamento avaliação aprendizagem capacitação entre países vizinhos durante o ano com enfoque de gênero",
}

AMERICAS = [
    "MEX",
    "GTM",
    "USA",
    "CRI",
    "PAN",
    "COL",
    "HND",
    "SLV",
    "CAN",
    "BRA",
    "DOM",
    "PER",
    "CHL",
    "ARG",
    "ECU",
    "BLZ",
    "NIC",
    "BOL",
    "URY",
    "PRY",
    "VEN",
    "CUB",
    "HTI",
    "JAM",
    "TTO",
    "GUY",
    "SUR",
    "BRB",
    "GRD",
    "LCA",
    "VCT",
    "DMA",
    "ATG",
    "KNA",
    "BHS",
]
ELSEWHERE = ["ESP", "DEU", "FRA", "ITA", "KEN", "UGA", "PHL", "BGD", "MAR", "NPL", "ETH", "GHA"]

CODES = {
    "actor_type": ["national_government", "local_authority", "un_entity", "civil_society", "ngo", "academia",
                   "regional_organisation", "subnational_government", "private_sector", "other"],
    "level": ["national", "local", "regional", "bilateral", "subnational", "global"],
    "practice_type": ["programme", "policy", "service", "tool", "training", "partnership", "law", "campaign",
                      "data_system"],
    "pledge_type": ["individual", "common", "partnership", "matching"],
    "pledge_nature": ["policy", "process", "financial", "human_resources", "other"],
    "help_kinds": ["advice", "training", "peer_exchange", "tool", "expertise", "funds", "drafting"],
    "urgency": ["normal", "high", "low"],
    "progress": ["under_way", "ended", "planned", "fulfilled", "dropped"],
    "populations": ["general", "children", "women", "workers", "returnees", "mixed_movements", "diaspora", "students",
                    "indigenous", "unaccompanied_children", "host_communities", "victims_of_trafficking"],
    "principles": ["people-centred", "human-rights", "whole-of-society", "child-sensitive", "gender-responsive",
                   "whole-of-government", "international-cooperation", "sustainable-development",
                   "rule-of-law-due-process", "national-sovereignty"],
}  # fmt: skip
KINDS = ["practice"] * 10 + ["pledge"] * 4 + ["initiative"] * 2 + ["need", "offer", "lesson"]
LANGUAGES = ["es"] * 6 + ["en"] * 4 + ["fr", "pt"]
