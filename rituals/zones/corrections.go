//go:build ignore

package main

// splits are the zones that have been set apart since GeoNames' list was made, by
// country and region.
var splits = map[string]string{
	"RU.07": "Europe/Astrakhan", "RU.67": "Europe/Saratov", "RU.81": "Europe/Ulyanovsk", "RU.33": "Europe/Kirov",
	"RU.84": "Europe/Volgograd", "RU.04": "Asia/Barnaul", "RU.03": "Asia/Barnaul", "RU.75": "Asia/Tomsk",
	"RU.93": "Asia/Chita", "RU.15": "Asia/Anadyr", "CL.10": "America/Punta_Arenas", "CL.02": "America/Coyhaique",
	"KZ.13": "Asia/Qostanay", "KZ.06": "Asia/Atyrau",
}

// renamed are the larger cities that go by another name than in the list.
var renamed = map[string]string{
	"TR İstanbul": "Istanbul",
	"UA Kiev":     "Kyiv", "UA Odessa": "Odesa", "UA Dnipropetrovsk": "Dnipro", "UA Kirovohrad": "Kropyvnytskyi",
}

// spelt are countries that go by another name than in the list.
var spelt = map[string]string{
	"CZ": "Czechia", "MK": "North Macedonia", "SZ": "Eswatini", "TR": "Türkiye", "CV": "Cape Verde",
	"BQ": "Caribbean Netherlands",
}

// called is what else people call a country, above all in its own languages.
var called = map[string]string{
	"AT": "Österreich", "BE": "België,Belgique,Belgien", "BQ": "Bonaire,Sint Eustatius,Saba", "BR": "Brasil,Brasilien", "BY": "Беларусь", "CD": "DR Congo,Congo Kinshasa",
	"CG": "Congo Brazzaville", "CH": "Schweiz,Suisse,Svizzera", "CI": "Côte d'Ivoire", "CN": "中国", "CZ": "Česko", "DE": "Deutschland,Allemagne",
	"DK": "Danmark", "EE": "Eesti", "ES": "España,Spanien", "FI": "Suomi,Finnland", "FR": "Frankreich",
	"GB": "UK,Great Britain,Britain,England,Scotland,Wales,Northern Ireland", "GR": "Ελλάδα,Hellas", "HR": "Hrvatska", "HU": "Magyarország",
	"IE": "Éire", "IL": "ישראל", "IN": "Bharat,भारत", "IS": "Ísland", "IT": "Italia,Italien", "JP": "日本,Nippon", "KR": "Korea,대한민국,한국",
	"LT": "Lietuva", "LV": "Latvija", "MA": "Maroc,المغرب", "MM": "Burma", "MX": "México", "NL": "Nederland,Holland",
	"NO": "Norge", "NZ": "Aotearoa", "PL": "Polska,Polen", "PS": "Palestine", "PT": "Portugal", "RO": "România", "RS": "Srbija,Србија",
	"RU": "Россия", "SE": "Sverige", "SI": "Slovenija", "SK": "Slovensko", "TL": "Timor-Leste", "TR": "Türkei", "AE": "UAE,الإمارات",
	"UA": "Україна", "US": "US,USA,America,United States of America", "VA": "Vatican City,Holy See", "EG": "مصر", "SA": "السعودية", "ZA": "Suid-Afrika",
}
