//! What the rules look at: the files that are, or could be, committed, and the workspace's crates.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use serde_json::Value;

/// The working tree and its crates.
#[derive(Default)]
pub(super) struct Tree {
    pub(super) root: PathBuf,
    /// Text by path below the root; binary files are `None`.
    pub(super) files: BTreeMap<String, Option<String>>,
    /// The workspace's crates by name.
    pub(super) packages: BTreeMap<String, Package>,
}

/// A crate of the workspace.
#[derive(Default)]
pub(super) struct Package {
    pub(super) dependencies: Vec<Dependency>,
}

/// One line of a `Cargo.toml`.
pub(super) struct Dependency {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// The table that a dependency stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Normal,
    Development,
    Build,
}

impl Tree {
    /// Reads the working tree that this program was built from.
    pub(super) fn read() -> anyhow::Result<Self> {
        let root = crate::workspace()?;
        let listed = output(&root, "git", &["ls-files", "-z", "--cached", "--others", "--exclude-standard"])?;
        let mut files = BTreeMap::new();
        for path in listed.split('\0').filter(|path| !path.is_empty() && root.join(path).is_file()) {
            let bytes = std::fs::read(root.join(path)).with_context(|| path.to_owned())?;
            files.insert(path.to_owned(), String::from_utf8(bytes).ok().filter(|text| !text.contains('\0')));
        }
        let metadata = output(&root, "cargo", &["metadata", "--format-version=1", "--locked", "--no-deps"])?;
        let packages = packages(&serde_json::from_str(&metadata)?).context("cargo metadata has another form")?;
        Ok(Self { root, files, packages })
    }

    /// The text files whose path ends so.
    pub(super) fn texts<'a>(&'a self, ending: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let with_ending = self.files.iter().filter(move |(path, _)| path.ends_with(ending));
        with_ending.filter_map(|(path, text)| Some((path.as_str(), text.as_deref()?)))
    }
}

fn packages(metadata: &Value) -> Option<BTreeMap<String, Package>> {
    let mut packages = BTreeMap::new();
    for package in metadata["packages"].as_array()? {
        let mut dependencies = Vec::new();
        for dependency in package["dependencies"].as_array()? {
            let kind = match dependency["kind"].as_str() {
                None => Kind::Normal,
                Some("dev") => Kind::Development,
                Some("build") => Kind::Build,
                Some(_) => return None,
            };
            dependencies.push(Dependency { name: dependency["name"].as_str()?.to_owned(), kind });
        }
        packages.insert(package["name"].as_str()?.to_owned(), Package { dependencies });
    }
    Some(packages)
}

/// What a program prints.
pub(super) fn output(root: &Path, program: &str, arguments: &[&str]) -> anyhow::Result<String> {
    let output =
        Command::new(program).args(arguments).current_dir(root).output().with_context(|| program.to_owned())?;
    let fault = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program} {}: {fault}", arguments.join(" "));
    Ok(String::from_utf8(output.stdout)?)
}

#[cfg(test)]
impl Tree {
    /// A tree of these files, without crates.
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), Some((*text).to_owned()))).collect();
        Self { files, ..Self::default() }
    }

    /// Adds a crate with these dependencies.
    pub(super) fn with(mut self, name: &str, dependencies: &[(&str, Kind)]) -> Self {
        let dependencies = dependencies.iter().map(|(name, kind)| Dependency { name: (*name).to_owned(), kind: *kind });
        self.packages.insert(name.to_owned(), Package { dependencies: dependencies.collect() });
        self
    }
}
