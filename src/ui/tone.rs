/// What a part means to say by its colours; its words and shape say it too.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum Tone {
    #[default]
    None,
    Accent,
    Warn,
    Danger,
    /// The one loudest thing there is.
    Alarm,
    Quiet,
    Plain,
}

impl Tone {
    /// The value of `data-tone`, which the style sheets know.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Accent => Some("accent"),
            Self::Warn => Some("warn"),
            Self::Danger => Some("danger"),
            Self::Alarm => Some("alarm"),
            Self::Quiet => Some("quiet"),
            Self::Plain => Some("plain"),
        }
    }
}
