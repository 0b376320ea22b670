//! Names of SVG and `MathML`, where case matters although it does not matter in the source.
//!
//! `<svg viewbox>` on a page means `viewBox`, and `<foreignobject>` means `foreignObject`. The tree
//! stores what the source says; these tables are asked when a name is read.

/// The vocabulary that an element belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Namespace {
    /// HTML itself.
    #[default]
    Html,
    /// Inside `<svg>`.
    Svg,
    /// Inside `<math>`.
    MathMl,
}

/// The namespace of an attribute, as the tree construction tests print it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::html) enum AttrSpace {
    None,
    XLink,
    Xml,
    Xmlns,
}

impl AttrSpace {
    /// The designator that the tests put before the local name.
    pub(in crate::html) fn prefix(self) -> &'static str {
        match self {
            Self::None => "",
            Self::XLink => "xlink ",
            Self::Xml => "xml ",
            Self::Xmlns => "xmlns ",
        }
    }
}

/// Elements of SVG that have a capital in their name, sorted by their lower-case form.
const SVG_NAMES: [&str; 37] = [
    "altGlyph",
    "altGlyphDef",
    "altGlyphItem",
    "animateColor",
    "animateMotion",
    "animateTransform",
    "clipPath",
    "feBlend",
    "feColorMatrix",
    "feComponentTransfer",
    "feComposite",
    "feConvolveMatrix",
    "feDiffuseLighting",
    "feDisplacementMap",
    "feDistantLight",
    "feDropShadow",
    "feFlood",
    "feFuncA",
    "feFuncB",
    "feFuncG",
    "feFuncR",
    "feGaussianBlur",
    "feImage",
    "feMerge",
    "feMergeNode",
    "feMorphology",
    "feOffset",
    "fePointLight",
    "feSpecularLighting",
    "feSpotLight",
    "feTile",
    "feTurbulence",
    "foreignObject",
    "glyphRef",
    "linearGradient",
    "radialGradient",
    "textPath",
];

/// Attributes of SVG that have a capital in their name, sorted by their lower-case form.
const SVG_ATTRS: [&str; 58] = [
    "attributeName",
    "attributeType",
    "baseFrequency",
    "baseProfile",
    "calcMode",
    "clipPathUnits",
    "diffuseConstant",
    "edgeMode",
    "filterUnits",
    "glyphRef",
    "gradientTransform",
    "gradientUnits",
    "kernelMatrix",
    "kernelUnitLength",
    "keyPoints",
    "keySplines",
    "keyTimes",
    "lengthAdjust",
    "limitingConeAngle",
    "markerHeight",
    "markerUnits",
    "markerWidth",
    "maskContentUnits",
    "maskUnits",
    "numOctaves",
    "pathLength",
    "patternContentUnits",
    "patternTransform",
    "patternUnits",
    "pointsAtX",
    "pointsAtY",
    "pointsAtZ",
    "preserveAlpha",
    "preserveAspectRatio",
    "primitiveUnits",
    "refX",
    "refY",
    "repeatCount",
    "repeatDur",
    "requiredExtensions",
    "requiredFeatures",
    "specularConstant",
    "specularExponent",
    "spreadMethod",
    "startOffset",
    "stdDeviation",
    "stitchTiles",
    "surfaceScale",
    "systemLanguage",
    "tableValues",
    "targetX",
    "targetY",
    "textLength",
    "viewBox",
    "viewTarget",
    "xChannelSelector",
    "yChannelSelector",
    "zoomAndPan",
];

/// Finds the one of a sorted list that is `name` but for case.
fn with_capitals(list: &[&'static str], name: &str) -> Option<&'static str> {
    let lower = |text: &str| text.bytes().map(|b| b.to_ascii_lowercase()).collect::<Vec<_>>();
    let wanted = lower(name);
    list.binary_search_by(|known| known.bytes().map(|b| b.to_ascii_lowercase()).cmp(wanted.iter().copied())).ok().map(|found| list[found])
}

/// Returns the name of an SVG element with its capitals, where it has any.
#[must_use]
pub fn svg_name(name: &str) -> Option<&'static str> {
    with_capitals(&SVG_NAMES, name)
}

/// Returns namespace and local name of an attribute (in lower case) of a foreign element, where
/// they differ from what the source says.
pub(in crate::html) fn foreign_attr_name(namespace: Namespace, name: &str) -> Option<(AttrSpace, &'static str)> {
    let adjusted = match name {
        "xlink:actuate" => (AttrSpace::XLink, "actuate"),
        "xlink:arcrole" => (AttrSpace::XLink, "arcrole"),
        "xlink:href" => (AttrSpace::XLink, "href"),
        "xlink:role" => (AttrSpace::XLink, "role"),
        "xlink:show" => (AttrSpace::XLink, "show"),
        "xlink:title" => (AttrSpace::XLink, "title"),
        "xlink:type" => (AttrSpace::XLink, "type"),
        "xml:lang" => (AttrSpace::Xml, "lang"),
        "xml:space" => (AttrSpace::Xml, "space"),
        "xmlns" => (AttrSpace::Xmlns, "xmlns"),
        "xmlns:xlink" => (AttrSpace::Xmlns, "xlink"),
        "definitionurl" if namespace == Namespace::MathMl => (AttrSpace::None, "definitionURL"),
        _ if namespace == Namespace::Svg => (AttrSpace::None, with_capitals(&SVG_ATTRS, name)?),
        _ => return None,
    };
    (namespace != Namespace::Html).then_some(adjusted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_capital_is_found_from_lower_case() {
        for name in SVG_NAMES {
            assert_eq!(svg_name(&name.to_ascii_lowercase()), Some(name));
        }
        for name in SVG_ATTRS {
            let found = foreign_attr_name(Namespace::Svg, &name.to_ascii_lowercase());
            assert_eq!(found, Some((AttrSpace::None, name)));
        }
    }

    #[test]
    fn html_has_no_capitals() {
        assert_eq!(foreign_attr_name(Namespace::Html, "viewbox"), None);
        assert_eq!(foreign_attr_name(Namespace::Html, "xlink:href"), None);
        assert_eq!(svg_name("div"), None);
    }
}
