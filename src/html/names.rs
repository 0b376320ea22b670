//! Names: elements and attributes by small numbers.
//!
//! Nearly every name on a page is one of a few hundred, so a name is looked up once, while it is
//! read, and from then on is an enum: comparing two is comparing two bytes, and a `match` over them
//! is a jump table. `<DIV>` and `<div>` are both [`Tag::Div`]. What is not in the list (`<my-card>`)
//! is [`Tag::Unknown`], and the tree finds its name in the source when somebody asks.
//!
//! The look-up does no string work for names of up to eight bytes: the scanner packs the name,
//! lower-cased, into a `u64` as it goes, and the table is probed with that number.

mod foreign;
mod table;

use table::NameTable;

pub(in crate::html) use foreign::{AttrSpace, foreign_attr_name};
pub use foreign::{Namespace, svg_name};
pub(in crate::html) use table::{is_name_end, pack};

/// Declares an enum of known names, its list of strings and its look-up table.
macro_rules! names {
    (
        $(#[$doc:meta])*
        $name:ident, $all:ident, $table:ident:
        { $($(#[$pseudo_doc:meta])* $pseudo:ident,)* }
        $($variant:ident = $text:literal,)*
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$pseudo_doc])* $pseudo,)*
            $(#[doc = concat!("`", $text, "`")] $variant,)*
        }

        const $all: &[($name, &str)] = &[
            $(($name::$pseudo, ""),)*
            $(($name::$variant, $text),)*
        ];

        static $table: NameTable<{ $all.len() }> = {
            let mut names = [""; $all.len()];
            let mut i = 0;
            while i < names.len() {
                names[i] = $all[i].1;
                i += 1;
            }
            NameTable::new(names)
        };

        impl $name {
            /// How many there are, the unnamed included.
            pub const COUNT: usize = $all.len();

            /// Returns the name in lower case, or `""` for what has no name of its own.
            #[must_use]
            pub fn name(self) -> &'static str {
                $all[self as usize].1
            }

            /// Finds a name in any case; what is not in the list is `Unknown`.
            #[must_use]
            pub fn from_name(name: &str) -> Self {
                Self::find(pack(name.as_bytes()), name.as_bytes())
            }

            /// All of them, in order.
            pub(in crate::html) const ALL: [Self; $all.len()] = [
                $($name::$pseudo,)*
                $($name::$variant,)*
            ];

            /// Finds a name whose packed form is known already.
            #[inline]
            pub(in crate::html) fn find(packed: u64, name: &[u8]) -> Self {
                Self::ALL[$table.find(packed, name)]
            }
        }
    };
}

names! {
    /// What a node is: a known element by name, or one of the kinds without a name.
    Tag, TAGS, TAG_TABLE:
    {
        /// An element whose name is not in the list.
        Unknown,
        /// The root of a tree.
        Document,
        /// A run of text.
        Text,
        /// A comment.
        Comment,
        /// A document type declaration.
        Doctype,
    }
    A = "a", Abbr = "abbr", Acronym = "acronym", Address = "address",
    AmpImg = "amp-img", AnnotationXml = "annotation-xml", Applet = "applet", Area = "area",
    Article = "article", Aside = "aside", Audio = "audio", B = "b", Base = "base",
    Basefont = "basefont", Bdi = "bdi", Bdo = "bdo", Bgsound = "bgsound", Big = "big",
    Blockquote = "blockquote", Body = "body", Br = "br", Button = "button", Canvas = "canvas",
    Caption = "caption", Center = "center", Circle = "circle", Cite = "cite", Code = "code",
    Col = "col", Colgroup = "colgroup", Data = "data", Datalist = "datalist", Dd = "dd",
    Del = "del", Desc = "desc", Details = "details", Dfn = "dfn", Dialog = "dialog", Dir = "dir",
    Div = "div", Dl = "dl", Dt = "dt", Em = "em", Embed = "embed", Fieldset = "fieldset",
    Figcaption = "figcaption", Figure = "figure", Font = "font", Footer = "footer",
    ForeignObject = "foreignobject", Form = "form", Frame = "frame", Frameset = "frameset",
    G = "g", H1 = "h1", H2 = "h2", H3 = "h3", H4 = "h4", H5 = "h5", H6 = "h6", Head = "head",
    Header = "header", Hgroup = "hgroup", Hr = "hr", Html = "html", I = "i", Iframe = "iframe",
    Image = "image", Img = "img", Input = "input", Ins = "ins", Kbd = "kbd", Keygen = "keygen",
    Label = "label", Legend = "legend", Li = "li", Link = "link", Listing = "listing",
    Main = "main", Malignmark = "malignmark", Map = "map", Mark = "mark", Marquee = "marquee",
    Math = "math", Menu = "menu", Menuitem = "menuitem", Meta = "meta", Meter = "meter",
    Mglyph = "mglyph", Mi = "mi", Mn = "mn", Mo = "mo", Ms = "ms", Mtext = "mtext", Nav = "nav",
    Nobr = "nobr", Noembed = "noembed", Noframes = "noframes", Noscript = "noscript",
    Object = "object", Ol = "ol", Optgroup = "optgroup", Option = "option", Output = "output",
    P = "p", Param = "param", Path = "path", Picture = "picture", Plaintext = "plaintext",
    Pre = "pre", Progress = "progress", Q = "q", Rb = "rb", Rect = "rect", Rp = "rp", Rt = "rt",
    Rtc = "rtc", Ruby = "ruby", S = "s", Samp = "samp", Script = "script", Search = "search",
    Section = "section", Select = "select", Selectedcontent = "selectedcontent", Slot = "slot",
    Small = "small", Source = "source", Span = "span", Strike = "strike", Strong = "strong",
    Style = "style", Sub = "sub", Summary = "summary", Sup = "sup", Svg = "svg", Table = "table",
    Tbody = "tbody", Td = "td", Template = "template", Textarea = "textarea", Tfoot = "tfoot",
    Th = "th", Thead = "thead", Time = "time", Title = "title", Tr = "tr", Track = "track",
    Tt = "tt", U = "u", Ul = "ul", Use = "use", Var = "var", Video = "video", Wbr = "wbr",
    Xmp = "xmp",
}

names! {
    /// An attribute's name, for those that cleaning a page asks for or that pages use most.
    Attr, ATTRS, ATTR_TABLE:
    {
        /// A name that is not in the list.
        Unknown,
    }
    Accesskey = "accesskey", Action = "action", Align = "align", Alt = "alt",
    AriaCurrent = "aria-current", AriaDescribedby = "aria-describedby",
    AriaExpanded = "aria-expanded", AriaHidden = "aria-hidden", AriaLabel = "aria-label",
    AriaLabelledby = "aria-labelledby", AriaModal = "aria-modal", Async = "async",
    Autocomplete = "autocomplete", Bgcolor = "bgcolor", Border = "border",
    Cellpadding = "cellpadding", Cellspacing = "cellspacing", Charset = "charset",
    Checked = "checked", Cite = "cite", Class = "class", Color = "color", Cols = "cols",
    Colspan = "colspan", Content = "content", Controls = "controls",
    Crossorigin = "crossorigin", D = "d", DataCaption = "data-caption",
    DataCredit = "data-credit", DataId = "data-id", DataLazySrc = "data-lazy-src",
    DataOriginal = "data-original", DataSrc = "data-src", DataSrcset = "data-srcset",
    DataTestid = "data-testid", DataType = "data-type", DataUrl = "data-url",
    Datetime = "datetime", Defer = "defer", Dir = "dir", Disabled = "disabled",
    Encoding = "encoding", Face = "face", Fill = "fill", For = "for", Headers = "headers",
    Height = "height", Hidden = "hidden", Href = "href", Hreflang = "hreflang",
    HttpEquiv = "http-equiv", Id = "id", Integrity = "integrity", Itemid = "itemid",
    Itemprop = "itemprop", Itemref = "itemref", Itemscope = "itemscope", Itemtype = "itemtype",
    Label = "label", Lang = "lang", Loading = "loading", Media = "media", Method = "method",
    Name = "name", Nonce = "nonce", Onclick = "onclick", Placeholder = "placeholder",
    Points = "points", Poster = "poster", Property = "property", Rel = "rel", Role = "role",
    Rows = "rows", Rowspan = "rowspan", Scope = "scope", Scoped = "scoped", Selected = "selected",
    Size = "size", Sizes = "sizes", Slot = "slot", Span = "span", Src = "src", Srcdoc = "srcdoc",
    Srcset = "srcset", Start = "start", Stroke = "stroke", Style = "style", Summary = "summary",
    Tabindex = "tabindex", Target = "target", Title = "title", Transform = "transform",
    Type = "type", Valign = "valign", Value = "value", Viewbox = "viewbox", Width = "width",
    X = "x", XlinkHref = "xlink:href", XmlLang = "xml:lang", Xmlns = "xmlns", Y = "y",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_finds_itself_in_any_case() {
        for &(tag, name) in TAGS.iter().filter(|(_, name)| !name.is_empty()) {
            assert_eq!(Tag::from_name(name), tag);
            assert_eq!(Tag::from_name(&name.to_ascii_uppercase()), tag);
        }
        for &(attr, name) in ATTRS.iter().filter(|(_, name)| !name.is_empty()) {
            assert_eq!(Attr::from_name(name), attr);
        }
    }

    #[test]
    fn names_that_only_look_alike_are_unknown() {
        // The first two have the last eight bytes of a known name in common.
        for name in ["xxockquote", "ockquote", "", "divv", "di", "my-card", "d\u{ef}v", "a\0"] {
            assert_eq!(Tag::from_name(name), Tag::Unknown, "{name}");
        }
    }
}
