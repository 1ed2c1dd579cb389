//! The deletion code: on the screen, on paper, as a file.

use askama::Template;
use model::Lang;
use ui::{Frame, Page, Problem};

use super::super::{Progress, Text, Texts as _, fields};

/// `/igenyles/torlokod`: the deletion code. Not `Debug`: it holds the code.
#[derive(Template)]
#[template(path = "enrol/deletion_code.html")]
pub struct DeletionCode {
    /// The frame, with the enrolment's band.
    pub frame: Frame,
    /// Where "Befejezés" is posted.
    pub action: String,
    /// The sheet to print.
    pub print: String,
    /// The text file.
    pub download: String,
    /// Which step this is.
    pub progress: Progress,
    /// Four groups of five digits.
    pub groups: [String; 4],
    /// What was wrong.
    pub problem: Option<DeletionCodeProblem>,
}

/// What can be wrong at "Befejezés".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletionCodeProblem {
    /// The box is not ticked.
    NotTicked,
}

impl Page for DeletionCode {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().deletion_heading().into()
    }

    fn problems(&self) -> Vec<Problem> {
        let message = |problem| match problem {
            DeletionCodeProblem::NotTicked => self.t().deletion_not_ticked().into(),
        };
        self.problem.map(|problem| Problem { field: fields::SAVED, message: message(problem) }).into_iter().collect()
    }
}

/// `/igenyles/torlokod/nyomtatas`: the deletion code on paper. Not `Debug`: it holds the code.
#[derive(Template)]
#[template(path = "enrol/deletion_sheet.html")]
pub struct DeletionSheet {
    /// The frame.
    pub frame: Frame,
    /// Back to the deletion code.
    pub back: String,
    /// The user name.
    pub user_name: String,
    /// Today: "2025. január 16.".
    pub date: String,
    /// Where a lost phone is reported, as people type it: "ugyfelkapu.pelda.hu/elveszett".
    pub address: String,
    /// Four groups of five digits.
    pub groups: [String; 4],
}

impl Page for DeletionSheet {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().sheet_heading().into()
    }
}

/// `/igenyles/torlokod/letoltes`: the same as plain text, lines ended as every system reads them.
/// Not `Debug`: it holds the code.
pub struct DeletionText {
    /// The language.
    pub lang: Lang,
    /// The user name.
    pub user_name: String,
    /// Today: "2025. január 16.".
    pub date: String,
    /// Where a lost phone is reported, as people type it.
    pub address: String,
    /// Four groups of five digits.
    pub groups: [String; 4],
}

impl DeletionText {
    /// What the file is called.
    pub const fn file_name(&self) -> &'static str {
        match self.lang {
            Lang::Hu => "torlokod.txt",
            Lang::En => "deletion-code.txt",
        }
    }

    /// The file.
    pub fn body(&self) -> String {
        let text = Text::of(self.lang).sheet_file(&self.user_name, self.groups.join(" "), &self.date, &self.address);
        format!("{}\r\n", text.replace('\n', "\r\n"))
    }
}
