//! Words of time of day, of weather and season, and of colour.

use super::sense::{Air::*, Entry, Hour::*, Hue::*, Sense};

const fn hour(
    hour: super::Hour,
    en: &'static [&'static str],
    zh: &'static [&'static str],
) -> Entry {
    Entry { sense: Sense::Hour(hour), en, zh }
}

const fn air(air: super::Air, en: &'static [&'static str], zh: &'static [&'static str]) -> Entry {
    Entry { sense: Sense::Air(air), en, zh }
}

const fn hue(hue: super::Hue, en: &'static [&'static str], zh: &'static [&'static str]) -> Entry {
    Entry { sense: Sense::Hue(hue), en, zh }
}

pub const ENTRIES: &[Entry] = &[
    hour(
        Dawn,
        &["dawn", "sunrise", "morning", "daybreak", "early morning"],
        &["清晨", "日出", "早晨", "黎明", "拂晓", "破晓", "晨光", "晨曦", "朝阳"],
    ),
    hour(
        Day,
        &["day", "noon", "midday", "daylight", "afternoon", "sunlight", "broad daylight"],
        &["白天", "正午", "中午", "午后", "白昼", "下午", "晴空", "阳光"],
    ),
    hour(
        Dusk,
        &["dusk", "sunset", "golden hour", "twilight", "evening", "sundown", "afterglow"],
        &["黄昏", "日落", "傍晚", "夕阳", "晚霞", "暮色", "落日", "余晖"],
    ),
    hour(
        Night,
        &["night", "midnight", "moonlight", "moonlit", "nighttime", "moon", "late night"],
        &["夜晚", "午夜", "深夜", "夜色", "月光", "月夜", "夜里", "月下", "夜", "明月", "月亮"],
    ),
    air(Clear, &["clear", "sunny", "cloudless"], &["晴朗", "晴天", "万里无云", "晴"]),
    air(Cloudy, &["cloudy", "overcast", "cloud"], &["多云", "阴天", "白云", "乌云", "云朵", "云"]),
    air(
        Rain,
        &["rain", "rainy", "drizzle", "raining", "downpour"],
        &["下雨", "雨天", "细雨", "大雨", "烟雨", "雨"],
    ),
    air(
        Storm,
        &["storm", "thunderstorm", "lightning", "thunder", "stormy"],
        &["暴风雨", "雷雨", "闪电", "雷电", "风暴", "暴雨"],
    ),
    air(
        Snow,
        &["snow", "snowy", "snowfall", "blizzard", "snowing", "snowflake"],
        &["下雪", "大雪", "飘雪", "雪花", "雪地", "暴雪", "雪"],
    ),
    air(
        Fog,
        &["fog", "mist", "misty", "foggy", "haze", "hazy"],
        &["大雾", "薄雾", "晨雾", "雾气", "迷雾", "雾", "烟雾"],
    ),
    air(Wind, &["wind", "windy", "breeze", "dust"], &["微风", "大风", "清风", "风沙", "风中"]),
    air(Rainbow, &["rainbow"], &["彩虹"]),
    air(Aurora, &["aurora", "northern lights"], &["极光"]),
    air(
        Stars,
        &["star", "starry", "starry sky", "milky way", "starlight"],
        &["星空", "繁星", "星星", "满天星", "星光", "流星"],
    ),
    air(Spring, &["spring", "springtime"], &["春天", "春日", "春季", "春"]),
    air(Summer, &["summer", "summertime"], &["夏天", "夏日", "盛夏", "夏季", "夏"]),
    air(
        Autumn,
        &["autumn", "fall", "maple", "autumn leaves", "falling leaves"],
        &["秋天", "秋日", "枫叶", "落叶", "深秋", "秋"],
    ),
    air(
        Winter,
        &["winter", "icy", "frozen", "ice", "frost"],
        &["冬天", "冬日", "寒冬", "冰雪", "冬", "冰", "霜"],
    ),
    air(
        Petals,
        &["blossom", "cherry blossom", "sakura", "petal", "in bloom"],
        &["樱花", "花瓣", "落花", "桃花", "梅花", "花开", "樱"],
    ),
    air(Fireflies, &["firefly", "fireflies", "glowing lights"], &["萤火虫", "流萤", "萤火"]),
    air(
        Embers,
        &["fire", "flame", "ember", "spark", "burning", "campfire", "fireworks"],
        &["火焰", "烈火", "篝火", "火花", "燃烧", "余烬", "烟花", "焰火"],
    ),
    air(Bubbles, &["bubble", "soap bubble"], &["泡泡", "气泡"]),
    hue(Red, &["red", "crimson", "scarlet", "ruby"], &["红色", "红", "赤色", "朱红", "绯红"]),
    hue(
        Orange,
        &["orange", "amber", "coral colour", "coral color"],
        &["橙色", "橘色", "橘黄", "琥珀色", "橙"],
    ),
    hue(Gold, &["gold", "golden", "yellow"], &["金色", "黄色", "金黄", "明黄", "金"]),
    hue(
        Green,
        &["green", "emerald", "olive", "mint"],
        &["绿色", "翠绿", "墨绿", "薄荷绿", "翠", "绿"],
    ),
    hue(Teal, &["teal", "turquoise", "cyan", "aqua"], &["青色", "青绿", "湖蓝", "蓝绿", "碧色"]),
    hue(
        Blue,
        &["blue", "azure", "navy", "cobalt", "indigo"],
        &["蓝色", "深蓝", "天蓝", "宝蓝", "靛蓝", "蓝"],
    ),
    hue(Purple, &["purple", "violet", "lavender", "magenta"], &["紫色", "紫罗兰", "薰衣草", "紫"]),
    hue(Pink, &["pink", "rosy", "peach", "rose gold"], &["粉色", "粉红", "桃红", "玫瑰金", "粉"]),
    hue(
        White,
        &["white", "ivory", "snow white", "cream white"],
        &["白色", "雪白", "乳白", "象牙白"],
    ),
    hue(Black, &["black", "jet black", "dark"], &["黑色", "漆黑", "黑暗", "暗黑"]),
    hue(Silver, &["silver", "grey", "gray", "metallic"], &["银色", "灰色", "金属色", "银"]),
    hue(
        Brown,
        &["brown", "chocolate brown", "tan", "bronze"],
        &["棕色", "褐色", "咖啡色", "古铜色"],
    ),
];
