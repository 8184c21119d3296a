"""Words that give a language away: those that hardly a sentence of it does without.

Written down by hand for what people say to an assistant: question words, pronouns, articles, prepositions, forms of to
be, to have and to do, now and today, tell and write. Left out is what two of the languages share with English in other
senses ("die", "man", "on", "no"), and what stands in names ("de", "la", "van", "al"). Languages of another script are
here as people spell them in Latin letters, for in their own script they are told apart by it.
"""

from __future__ import annotations

# Such as no other language has, or has only as another word that is rare.
ENGLISH = """
the and of to for with without from about into than then that this these those there here it its he she they we you
your my our his her their them him us what which who whom whose when where why how much many is are was were be been
being am does did do doing done have has had having will would should could can cannot shall may might must not isn
aren wasn doesn didn don won wouldn shouldn couldn haven hasn if or but because while although between during before
after above below under over through against until since both each every any some such only same other another also
too very just please tell give write explain describe make name list show said find help let get go play turn stop
call translate spell define compare summarize recommend suggest teach want need know think mean means best good like i
me a an in at by as up out off one two three all most more read sing remind convert send start talk answer check add
change create generate share plan look ask solve pick choose open close set search discuss rewrite identify
"""

# By ISO 639-1 code, where the language has one.
OTHERS: dict[str, str] = {
    "nl": """is in was wat hoe wie waar wanneer waarom welke welk hoeveel waarmee het een niet geen ik jij je hij zij
        wij jullie mijn jouw zijn haar ons onze hebben heeft heb bent ben wordt worden naar voor met zonder ook
        maar dus omdat bij uit tegen tussen deze dit dat nog nu graag alsjeblieft vertel noem schrijf geef maak
        vertaal kun kan kunt moet zet er te aan""",
    "af": """is in was hoekom wanneer hoeveel watter waarom hierdie daardie nie ek jy hy sy ons julle hulle jou hê
        het wees gaan moet asseblief vertel skryf noem gee vir nou baie ook met wat wie waar dié geskryf kan aan""",
    "no": """hva hvem hvor hvorfor hvordan hvilken hvilket hvilke når jeg du han hun vi dere det den denne dette
        disse er var ikke og eller men som på med uten til fra av om ved mellom nå også kan skal vil må har
        hadde bli ble fortell skriv gi nevn oversett forklar mitt ditt din hans hennes en et ei meg deg seg""",
    "da": """hvad hvem hvor hvorfor hvordan hvilken hvilket hvornår jeg ikke og eller på med uden til fra af ved nu
        også kan skal vil må har blev hedder fortæl skriv giv nævn oversæt forklar mig dig sig mit dit en et er
        det""",
    "sv": """vad vem var varför hur vilken vilket vilka när jag han hon det denna detta dessa är inte och eller som
        på med utan till från av om vid mellan nu också kan ska vill måste har hade blir heter berätta skriv ge
        nämn översätt förklara mig dig sig mitt ditt din den här där ett en stäng""",
    "de": """wie wer wo wann warum wieso welche welcher welches wieviel was ich du er sie wir ihr mich mir dich dir
        uns der das den dem des ein eine einen einem einer und oder aber nicht kein keine ist sind war waren bin
        bist habe haben hat hast wird werden wurde kann kannst können muss soll sollte mit ohne für von vom zum
        zur auf aus bei nach über unter zwischen auch jetzt heute bitte erzähl erzähle erkläre schreib schreibe
        nenne gib mach übersetze dieses diese dieser dass wenn weil heißt gibt""",
    "es": """qué cuál cuáles quién quiénes cómo cuándo dónde cuánto cuánta cuántos cuántas por porque una unos unas
        los las del al es son está están fue era ser estar hay tiene tienen tengo hace puedo puedes puede quiero
        con sin para desde hasta entre sobre pero muy más también ahora hoy yo tú él ella nosotros usted ustedes
        mi mis tus su sus este esta estos estas ese esa eso esto dime cuenta cuéntame escribe explica dame haz
        traduce pon lee como que se les nos""",
    "pt": """qual quais quem quando onde quanto quanta quantos quantas porque por que uma uns umas são está estão foi
        era ser estar há tem têm tenho posso pode podes quero com sem para desde até entre sobre mas muito mais
        também agora hoje eu você ele ela nós eles elas meu minha seu sua teu este esta estes estas esse essa
        isso isto diga conte escreva explique dê faça traduza toque toca não em na nas nos ao dos das os um""",
    "it": """che chi cosa quale quali quando dove perché quanto quanta quanti quante come il lo gli uno una dei delle
        degli della dello nel nella sul sulla è sono era essere avere ho hai ha abbiamo hanno posso puoi può
        voglio con senza per tra fra ma molto più anche adesso ora oggi io tu lui lei noi voi loro mio mia tuo
        tua suo sua questo questa questi queste quello quella dimmi racconta raccontami scrivi spiega spiegami
        dammi fai traduci metti non di si ci ti mi""",
    "fr": """que quel quelle quels quelles qui quoi quand où pourquoi comment combien je tu il elle nous vous ils
        elles les des une est sont était être avoir ai avons avez ont peux peut veux avec sans pour dans sur
        sous entre mais très plus aussi maintenant aujourd ce cette ces cet mon ma mes ton ta tes notre votre
        leur dis raconte écris explique donne fais traduis moi toi et du au aux ne pas un se son sa ses qu""",
    "ca": """què qui quan com quant quants quina quin quins quines per amb sense és són està el els les una uns unes
        jo ella nosaltres vosaltres meu meva avui ara explica digues escriu fes aquest aquesta això molt també
        però hi""",
    "ro": """ce cine unde când cum cât câți câte care este sunt era fi am ai are avem eu tu el ea noi voi ei și sau
        dar nu cu fără pentru din până între foarte mai acum azi spune scrie explică dă un o lui mea meu ta""",
    "pl": """co kto gdzie kiedy dlaczego jak jaki jaka jakie który która które ile czy jest są był była być mam masz
        ma mamy ja ty on ona ono my wy oni mój moja moje twój nie tak się na w z do od dla bez przez przy po
        oraz lub ale teraz dziś dzisiaj opowiedz napisz powiedz wyjaśnij podaj zrób przetłumacz ten ta to tę ci
        mi""",
    "cs": """co kdo kde kdy proč jak jaký jaká jaké který která kolik je jsou byl být mám máš má já ty on ona my vy
        oni můj tvůj ne se na v z do od pro bez přes nebo ale teď dnes řekni napiš vysvětli ten ta to tu jsem si""",
    "tr": """ne nedir kim kimdir nerede neresi nereye nasıl neden niçin niye kaç hangi ben sen biz siz onlar bu şu
        bir ve veya ama ile için gibi çok daha şimdi bugün var yok mı mi mu mü değil anlat yaz söyle ver açıkla
        çevir bana sana benim senin onun""",
    "fi": """mikä mitä kuka missä milloin miksi miten kuinka mitkä paljonko montako onko on ovat oli olla en et ei
        minä sinä hän me te he minun sinun ja tai mutta kanssa ilman nyt tänään kerro kirjoita selitä anna tämä
        se""",
    "hu": """mi mit ki kit hol mikor miért hogyan hogy melyik mennyi hány van volt lesz nem igen én te ő ti ők az egy
        és vagy de itt ott most ma mondj mesélj írj magyarázd ez a""",
    "id": """apa siapa mana kapan kenapa mengapa bagaimana berapa saya kamu anda dia kami kita mereka aku ini itu
        yang dan atau tetapi dengan tanpa untuk dari ke di pada adalah ada tidak bukan sudah belum akan sekarang
        hari tolong ceritakan tulis tuliskan jelaskan sebutkan beri buat bisa dapat ibu kota nama ya lagu""",
    "ms": """apakah siapakah bilakah mengapa berapakah bagaimanakah manakah saya awak anda dia kami kita mereka ini
        itu yang dan atau tetapi dengan tanpa untuk dari ke di adalah ada tidak bukan sekarang tolong ceritakan
        tulis terangkan boleh dalam""",
    "tl": """ano anong sino saan kailan bakit paano alin ilan ilang magkano ang ng mga sa si ni kay ako ikaw ka siya
        kami tayo kayo sila ko mo niya namin natin nila ito iyan iyon na at o pero para mula ngayon hindi oo
        wala may meron magkuwento isulat sabihin ipaliwanag bigyan po ba""",
    "sw": """nini nani wapi lini kwa kwanini vipi gani ngapi upi ipi mimi wewe yeye sisi ninyi wao ni si na ya wa la
        cha vya za kwamba lakini au pia sasa leo hii hiki huu huyo hapa niambie andika eleza nipe tafadhali
        yangu yako yake jina langu lako saa ina ana""",
    "ht": """ki kisa kilè kote poukisa kijan konbyen mwen ou li nou yo sa yon nan pou ak epi men pa gen genyen ye te
        ap pral kounye jodi rakonte ekri di eksplike ban moun peyi liv lè tè syèl rele rete""",
    "hi": """kya kyaa kyun kyon kyu kab kahan kahaan kaun kaise kaisa kaisi kitna kitne kitni kisne kisko kiska kiski
        kaunsa kaunsi hai hain hoon hun tha thi thay ho main mein mai tum aap hum woh wo yeh ye mera meri mere
        tera teri tere tumhara aapka aapki hamara mujhe tujhe usne maine ka ki ke ko se par aur ya lekin magar
        nahi nahin mat abhi aaj kal batao bataiye sunao likho likhi likha dijiye karo karna karte kar rahe rahte
        rehte raha rahi ek acha accha bahut bhi kuch kuchh sab liye wala wali hota hoti""",
    "ru": """chto shto kto gde kogda pochemu zachem kak kakoy kakoi kakaya kakoe kakoye kakie skolko kuda otkuda ya
        ty on ona my vy oni menya tebya mne tebe moy moya moi tvoy tvoya eto etot eta etu takoe takoye i ili no
        ne net v na iz ot dlya bez pod mezhdu est byl byla bylo seychas segodnya rasskazhi napishi skazhi
        obyasni dai pozhaluysta zovut goda let""",
    "ar": """ma mahu mata kayfa kaif limadha lemaza limatha ayna ayn kam hal huwa hiya huwwa hiyya ana anta anti
        nahnu hum fi fee min ila ala maa bidun wa aw lakin hatha hadha hadhihi hathihi dhalika tilka al ism
        ismuk ismuka ismi aktub ihki ishrah uktub alaan aan alyawm yawm""",
    "zh": """shenme shénme weishenme zenme zenmeyang nali nar nli zai shi bu ni wo ta women nimen tamen zhe na zhege
        nage ge duo duoshao jintian xianzai de le ma ne hen gei jiang xie shui shéi jiao mingzi qing ji dian hao
        you meiyou shou zhong guo shu shoudu""",
    "ja": """nan nani nanji doko dare itsu naze dou dono donna ikura desu desuka masu masuka ka wa ga wo ni no de
        kara made kore sore are kono sono ano watashi anata boku kudasai oshiete ima kyou nihon""",
    "ko": """mwo mwoyeyo mwoya nugu eodi eonje wae eotteoke eolma myeot yeyo ieyo imnida imnikka isseoyo jigeum oneul
        neun eun reul eul""",
    "vi": """gi là la ai dau khi nao tai sao nhu bao nhieu toi ban anh chi em khong co va hoac hom nay bay gio""",
    "eo": """kio kiu kie kiam kial kiel kiom kioma estas la kaj aŭ sed kun sen por de mi vi li ŝi ĝi ni ili ne nun""",
    "la": """quid quis ubi quando cur quomodo est sunt erat et aut sed cum sine mihi tibi nunc hodie quae qui quod""",
    "so": """waa maxay maxaa kuma xaggee goorma sidee imisa ayaa iyo ama laakiin magacaagu magaca""",
    "sq": """çfarë kush ku kur pse si sa është janë unë ti ai ajo ne ju ata dhe ose por me pa për në tani sot""",
    "hr": """što tko gdje kada zašto kako koliko koji koja koje je su bio ja ti on ona mi vi oni moj tvoj nije i ili
        ali sa bez za od do na u sada danas reci ispričaj napiši""",
}

# Scots has nearly all of its other words from English, so that one of these says more than those of a stranger.
SCOTS = """
whit whits whaur wha whase whan hou dae daein disnae dinnae didnae cannae wisnae isnae wouldnae willnae ain yer yersel
masel ma oor thaim thon thae thir frae tae intae oan aboot oot doon noo wi bairn auld guid gie gies gaun kens bide
bides nae maist ilk ilka muckle wrate buik hoose toon heid hert nicht licht wey efter afore wis wur caipital yird braw
fae
"""
