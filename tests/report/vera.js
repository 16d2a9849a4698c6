// Run by Rhino inside the veraPDF jar: checks each file named on the command line against PDF/A-3A and PDF/UA-1 and
// prints one line of JSON for each file and profile.
var foundries = Packages.org.verapdf.pdfa.Foundries;
var flavours = Packages.org.verapdf.pdfa.flavours.PDFAFlavour;
Packages.org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider.initialise();

function check(name, flavour) {
  var parser = foundries.defaultInstance().createParser(new java.io.File(name), flavour);
  var result = foundries.defaultInstance().createValidator(flavour, false).validate(parser);
  var failures = [];
  for (var found = result.getTestAssertions().iterator(); found.hasNext();) {
    var one = found.next();
    var rule = one.getRuleId();
    failures.push(rule.getClause() + "-" + rule.getTestNumber() + " " + one.getMessage() + " " + one.getLocation().getContext());
  }
  parser.close();
  print(JSON.stringify({ file: String(name), profile: String(flavour), passed: result.isCompliant(), failures: failures.slice(0, 20) }));
}

for (var index = 0; index < arguments.length; index++) {
  check(arguments[index], flavours.PDFA_3_A);
  check(arguments[index], flavours.PDFUA_1);
}
