//! The form of one backend: what it is, where it is, and how this phone signs in there.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::backend::connection::Connection;
use waymark_core::backend::postgrest::claims;
use waymark_core::sync::{BackendKind, Destination, SignIn, is_safe};

use super::naming;
use crate::i18n::{I18n, use_i18n};
use crate::reactive::{derive, memo};
use crate::screens::parts::connection_found;
use crate::state::{AppState, Person};
use crate::ui::{Button, Check, Choice, Choices, Field, Input, Shape, Text, Tone, live, lu};
use crate::{actions, say, words};

/// What one kind of backend asks for, in the order of the form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ask {
    User,
    Password,
    /// A token instead of a name and a password.
    Token,
    ApiKey,
    AccessKey,
    SecretKey,
    Signing,
    Bucket,
    Region,
    Prefix,
    OneByOne,
    PathStyle,
    Schema,
}

fn asks(kind: BackendKind) -> &'static [Ask] {
    match kind {
        BackendKind::Reference => &[],
        BackendKind::CouchDb | BackendKind::OpenRosa | BackendKind::WebDav => &[Ask::User, Ask::Password],
        BackendKind::Postgrest => &[Ask::Token, Ask::ApiKey, Ask::Schema],
        BackendKind::S3 => {
            &[Ask::AccessKey, Ask::SecretKey, Ask::Bucket, Ask::Region, Ask::Prefix, Ask::PathStyle]
        }
        BackendKind::Webhook => &[Ask::Signing, Ask::OneByOne],
    }
}

/// The fields while they are filled in. Hidden ones keep what was typed: whoever comes back to a kind finds it.
#[derive(Clone, Copy)]
struct Fields {
    kind: RwSignal<BackendKind>,
    name: RwSignal<String>,
    address: RwSignal<String>,
    user: RwSignal<String>,
    secret: RwSignal<String>,
    key: RwSignal<String>,
    bucket: RwSignal<String>,
    region: RwSignal<String>,
    prefix: RwSignal<String>,
    schema: RwSignal<String>,
    one_by_one: RwSignal<bool>,
    path_style: RwSignal<bool>,
    must: RwSignal<bool>,
    /// What was set and has no field.
    others: StoredValue<BTreeMap<String, String>>,
}

impl Fields {
    fn of(before: Option<Destination>, kind: BackendKind) -> Self {
        let blank = || Destination { kind, must: false, ..Destination::own_server() };
        let Destination { kind, name, address, sign_in, mut options, must } = before.unwrap_or_else(blank);
        let mut option = |name: &str| RwSignal::new(options.remove(name).unwrap_or_default());
        let (bucket, region, prefix) = (option("bucket"), option("region"), option("prefix"));
        let schema = option("schema");
        Self {
            kind: RwSignal::new(kind),
            name: RwSignal::new(name),
            address: RwSignal::new(address),
            user: RwSignal::new(sign_in.user),
            secret: RwSignal::new(sign_in.secret),
            key: RwSignal::new(sign_in.key),
            bucket,
            region,
            prefix,
            schema,
            path_style: RwSignal::new(options.remove("path_style").is_some_and(|style| style == "yes")),
            one_by_one: RwSignal::new(options.remove("mode").is_some_and(|mode| mode == "single")),
            others: StoredValue::new(options),
            must: RwSignal::new(must),
        }
    }

    fn destination(self) -> Destination {
        let kind = self.kind.get();
        let wanted = |ask: Ask| asks(kind).contains(&ask);
        let text = |value: RwSignal<String>, wanted: bool| {
            if wanted { value.get().trim().to_owned() } else { String::new() }
        };
        let mut options = self.others.get_value();
        for (name, value, ask) in [
            ("bucket", self.bucket, Ask::Bucket),
            ("region", self.region, Ask::Region),
            ("prefix", self.prefix, Ask::Prefix),
            ("schema", self.schema, Ask::Schema),
        ] {
            let value = text(value, wanted(ask));
            if !value.is_empty() {
                options.insert(name.to_owned(), value);
            }
        }
        if wanted(Ask::OneByOne) && self.one_by_one.get() {
            options.insert("mode".to_owned(), "single".to_owned());
        }
        if wanted(Ask::PathStyle) && self.path_style.get() {
            options.insert("path_style".to_owned(), "yes".to_owned());
        }
        Destination {
            kind,
            name: self.name.get().trim().to_owned(),
            address: self.address.get().trim().trim_end_matches('/').to_owned(),
            sign_in: SignIn {
                user: text(self.user, wanted(Ask::User) || wanted(Ask::AccessKey)),
                secret: text(self.secret, !asks(kind).is_empty()),
                key: text(self.key, wanted(Ask::ApiKey)),
            },
            options,
            must: self.must.get(),
        }
    }
}

/// Asks for a backend, tests it, and hands it on.
#[component]
pub fn BackendForm(
    /// What is changed; nothing for a new one.
    #[prop(optional)]
    before: Option<Destination>,
    /// The kinds to choose from, the first of which is chosen; one alone is not asked for.
    kinds: &'static [BackendKind],
    /// Whether it may be one that a record can do without.
    is_mirror: bool,
    save_label: Text,
    on_save: Callback<Destination>,
) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let is_new = before.is_none();
    let fields = Fields::of(before, kinds[0]);
    let tried = RwSignal::new(false);
    let testing = RwSignal::new(false);
    let found = RwSignal::new(None::<Connection>);
    let address_error = derive(move || {
        let address = fields.address.get();
        let error = match address.trim() {
            "" => Some(say!(i18n, error.required)),
            address if !is_safe(address) => Some(say!(i18n, backends.unsafe_address)),
            _ => None,
        };
        error.filter(|_| tried.get())
    });
    let bucket_error = derive(move || {
        let missing = fields.kind.get() == BackendKind::S3 && fields.bucket.get().trim().is_empty();
        (tried.get() && missing).then(|| say!(i18n, error.required))
    });
    // The database would refuse what this phone writes under another's token.
    let own = untrack(|| app.person()).filter(|_| is_mirror || !is_new);
    let token_error = derive(move || {
        if !tried.get() || fields.kind.get() != BackendKind::Postgrest {
            return None;
        }
        let Some(claims) = claims(&fields.secret.get()) else { return Some(say!(i18n, enrol.token_empty)) };
        let same = |own: &Person| {
            (&claims.org, &claims.user, claims.device.0.as_str())
                == (&own.org, &own.user, own.device.as_str())
        };
        (!own.as_ref().is_none_or(same)).then(|| say!(i18n, backends.token_other))
    });
    let complete = move || {
        tried.set(true);
        let errors = [address_error, bucket_error, token_error];
        errors.iter().all(|error| error.get_untracked().is_none())
    };
    let test = Callback::new(move |()| {
        if !complete() || testing.get_untracked() {
            return;
        }
        testing.set(true);
        found.set(None);
        let destination = untrack(|| fields.destination());
        spawn_local(async move {
            let result = actions::test_backend(app, &destination).await;
            found.try_set(Some(result));
            testing.try_set(false);
        });
    });
    let save = Callback::new(move |()| {
        if complete() {
            on_save.run(untrack(|| fields.destination()));
        }
    });
    let result = move || found.get().map(|found| connection_found(i18n, &found, false, is_mirror));
    let label =
        derive(move || if testing.get() { say!(i18n, settings.testing) } else { say!(i18n, settings.test) });
    let choice = (is_new && kinds.len() > 1).then(|| view! { <Kinds fields kinds /> });
    let asked = memo(move || fields.kind.get());
    let must = is_mirror.then(|| {
        view! {
            <Check
                name="must"
                label=words!(i18n, backends.must_ask)
                hint=words!(i18n, backends.must_hint)
                checked=fields.must
                on_change=Callback::new(move |must| fields.must.set(must))
            />
        }
    });
    view! {
        <div class="stack" data-part="backend-form">
            {choice} {live(move || view! { <Abilities kind=asked.get() is_home=!is_mirror /> })}
            <Field
                name="backend-name"
                label=words!(i18n, backends.name)
                hint=words!(i18n, backends.name_hint)
                value=fields.name
            />
            <Field
                name="backend-address"
                label=words!(i18n, backends.address)
                hint=derive(move || address_hint(i18n, asked.get()))
                value=fields.address
                error=address_error
                input=Input::Exact
            />
            {live(move || asks(asked.get()).iter().map(|ask| one(i18n, fields, *ask, (bucket_error, token_error))).collect::<Vec<_>>())}
            {must} <div role="status">{live(result)}</div>
            <div class="btn-row">
                <Button label=save_label on_press=save tone=Tone::Accent />
                <Button label icon=lu::LuActivity on_press=test busy=testing />
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Kinds(fields: Fields, kinds: &'static [BackendKind]) -> impl IntoView {
    let i18n = use_i18n();
    let options = derive(move || {
        let option = |kind: &BackendKind| Choice {
            value: kind.code().to_owned(),
            label: naming::kind(i18n, *kind),
            icon: Some(naming::icon(*kind)),
            ..Choice::default()
        };
        kinds.iter().map(option).collect()
    });
    view! {
        <span class="field-label" aria-hidden="true">
            {words!(i18n, backends.kind)}
        </span>
        <Choices
            name="backend-kind"
            label=words!(i18n, backends.kind)
            options
            value=derive(move || fields.kind.get().code().to_owned())
            on_choose=Callback::new(move |code: String| {
                if let Some(kind) = BackendKind::from_code(&code) {
                    fields.kind.set(kind);
                }
            })
            shape=Shape::Wide
        />
    }
    .into_any()
}

/// What to expect of a backend of this kind.
#[component]
pub fn Abilities(kind: BackendKind, is_home: bool) -> impl IntoView {
    let i18n = use_i18n();
    let lines = move || {
        let line = |(good, text): (bool, String)| {
            let icon = if good { lu::LuCheck } else { lu::LuTriangleAlert };
            view! { <li data-good=good.to_string()>{view! { <crate::ui::Icon icon /> }} <span>{text}</span></li> }
        };
        naming::abilities(i18n, kind, is_home).into_iter().map(line).collect::<Vec<_>>()
    };
    view! { <ul class="abilities small">{live(lines)}</ul> }.into_any()
}

fn address_hint(i18n: I18n, kind: BackendKind) -> String {
    let example = match kind {
        BackendKind::Reference => "https://waymark.example.org",
        BackendKind::CouchDb => "https://couch.example.org/waymark",
        BackendKind::Postgrest => "https://….supabase.co/rest/v1",
        BackendKind::OpenRosa => "https://central.example.org/v1/projects/7",
        BackendKind::WebDav => "https://cloud.example.org/remote.php/dav/files/waymark/records",
        BackendKind::S3 => "https://s3.eu-central-1.amazonaws.com",
        BackendKind::Webhook => "https://hooks.example.org/waymark",
    };
    say!(i18n, backends.address_hint, example = example)
}

/// `errors` are those of the bucket and of the token.
fn one(
    i18n: I18n,
    fields: Fields,
    ask: Ask,
    errors: (Signal<Option<String>>, Signal<Option<String>>),
) -> AnyView {
    let (bucket_error, token_error) = errors;
    let line = |name: &'static str, label: Text, value: RwSignal<String>, input: Input| {
        view! { <Field name label value input /> }.into_any()
    };
    match ask {
        Ask::User => line("backend-user", words!(i18n, backends.user), fields.user, Input::Exact),
        Ask::Password => {
            line("backend-secret", words!(i18n, backends.password), fields.secret, Input::Secret)
        }
        Ask::Token => view! {
            <Field
                name="backend-secret"
                label=words!(i18n, backends.token)
                value=fields.secret
                error=token_error
                input=Input::Secret
            />
        }
        .into_any(),
        Ask::ApiKey => line("backend-key", words!(i18n, backends.api_key), fields.key, Input::Secret),
        Ask::AccessKey => line("backend-user", words!(i18n, backends.access_key), fields.user, Input::Exact),
        Ask::SecretKey => {
            line("backend-secret", words!(i18n, backends.secret_key), fields.secret, Input::Secret)
        }
        Ask::Signing => line("backend-secret", words!(i18n, backends.signing), fields.secret, Input::Secret),
        Ask::Bucket => view! {
            <Field
                name="backend-bucket"
                label=words!(i18n, backends.bucket)
                value=fields.bucket
                error=bucket_error
                input=Input::Exact
            />
        }
        .into_any(),
        Ask::Region => line("backend-region", words!(i18n, backends.region), fields.region, Input::Exact),
        Ask::Prefix => line("backend-prefix", words!(i18n, backends.prefix), fields.prefix, Input::Exact),
        Ask::Schema => line("backend-schema", words!(i18n, backends.schema), fields.schema, Input::Exact),
        Ask::PathStyle => view! {
            <Check
                name="backend-path-style"
                label=words!(i18n, backends.path_style)
                hint=words!(i18n, backends.path_style_hint)
                checked=fields.path_style
                on_change=Callback::new(move |path| fields.path_style.set(path))
            />
        }
        .into_any(),
        Ask::OneByOne => view! {
            <Check
                name="backend-single"
                label=words!(i18n, backends.single)
                hint=words!(i18n, backends.single_hint)
                checked=fields.one_by_one
                on_change=Callback::new(move |single| fields.one_by_one.set(single))
            />
        }
        .into_any(),
    }
}
