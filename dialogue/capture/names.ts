/** Common first names in the United States, in lower case: what the recogniser is taught to hear. */
export const firstNames: readonly string[] = `
  james mary robert patricia john jennifer michael linda david elizabeth william barbara richard susan joseph
  jessica thomas sarah christopher karen charles lisa daniel nancy matthew betty anthony sandra mark margaret
  donald ashley steven kimberly andrew emily paul donna joshua michelle kenneth carol kevin amanda brian melissa
  timothy deborah ronald stephanie george rebecca jason sharon edward laura jeffrey cynthia ryan dorothy jacob amy
  nicholas kathleen gary angela eric shirley jonathan emma stephen brenda larry pamela justin nicole scott anna
  brandon samantha benjamin katherine samuel christine gregory debra alexander rachel patrick carolyn frank janet
  raymond maria jack olivia dennis heather jerry helen tyler catherine aaron diane jose julie adam victoria nathan
  joyce henry lauren zachary kelly douglas christina peter ruth kyle joan noah virginia ethan judith jeremy evelyn
  christian hannah walter andrea keith megan austin cheryl roger jacqueline terry madison sean teresa gerald
  abigail carl sophia dylan martha harold sara jordan gloria jesse janice bryan kathryn lawrence ann arthur
  isabella gabriel judy bruce charlotte logan julia billy grace joe amber alan alice juan jean elijah denise
  willie frances albert danielle wayne marilyn randy natalie mason beverly vincent diana liam brittany roy theresa
  bobby kayla caleb alexis bradley doris russell lori lucas tiffany dana jane robin tom jim mike dave steve chris
  matt dan tony bill bob rick ted ken ron greg jeff sam ben nick alex max luke owen leo oscar hugo felix ivan
  carlos luis miguel pedro rosa elena sofia lucia carmen claire ella chloe lily mia zoe ava ruby stella hazel
  violet audrey molly katie kate beth sue pam peggy tina gina wendy holly heidi april june erin shannon kristen
  allison vanessa monica veronica sylvia irene phil doug don glenn craig dean dale todd chad brad brett derek
  shane travis corey cody marcus derrick darren curtis clifford leonard norman stanley
`
  .trim()
  .split(/\s+/);

/** Common last names, likewise. */
export const lastNames: readonly string[] = `
  smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson
  anderson thomas taylor moore jackson martin lee perez thompson white harris sanchez clark ramirez lewis robinson
  walker young allen king wright scott torres nguyen hill flores green adams nelson baker hall rivera campbell
  mitchell carter roberts gomez phillips evans turner diaz parker cruz edwards collins reyes stewart morris
  morales murphy cook rogers gutierrez ortiz morgan cooper peterson bailey reed kelly howard ramos kim cox ward
  richardson watson brooks chavez wood james bennett gray mendoza ruiz hughes price alvarez castillo sanders patel
  myers long ross foster jimenez powell jenkins perry russell sullivan bell coleman butler henderson barnes
  gonzales fisher vasquez simmons romero jordan patterson alexander hamilton graham reynolds griffin wallace
  moreno west cole hayes bryant herrera gibson ellis tran medina aguilar stevens murray ford castro marshall owens
  harrison fernandez mcdonald woods washington kennedy wells vargas henry chen freeman webb tucker guzman burns
  crawford olson simpson porter hunter gordon mendez silva shaw snyder mason dixon munoz hunt hicks holmes palmer
  wagner black robertson boyd rose stone salazar fox warren mills meyer rice schmidt garza daniels ferguson
  nichols stephens soto weaver ryan gardner payne grant dunn kelley spencer hawkins arnold pierce hansen peters
  santos hart bradley knight elliott cunningham duncan armstrong hudson carroll lane riley andrews alvarado ray
  delgado berry perkins hoffman johnston matthews pena richards contreras willis carpenter lawrence sandoval
  guerrero george chapman rios estrada ortega watkins greene nunez wheeler valdez harper burke larson santiago
  maldonado morrison franklin carlson austin dominguez carr lawson jacobs obrien lynch singh vega bishop
  montgomery oliver jensen harvey williamson gilbert dean sims espinoza howell li wong reid hanson le mccoy
  garrett burton fuller wang weber welch rojas lucas marquez fields park yang little banks padilla day walsh
  bowman schultz luna fowler mejia doe
`
  .trim()
  .split(/\s+/);
