//! What words can mean to the model. The order of the variants has no meaning.

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    Mountains,
    Sea,
    Beach,
    City,
    Forest,
    Desert,
    Space,
    Studio,
    Meadow,
    Lake,
    Undersea,
    Room,
    Clouds,
    Town,
    /// Pure shapes; drawn when nothing is named.
    Shapes,
}

/// A subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Thing {
    Boat,
    Lighthouse,
    Whale,
    Fish,
    Cat,
    Dog,
    Fox,
    Deer,
    Rabbit,
    Horse,
    Birds,
    Butterfly,
    Panda,
    Person,
    Woman,
    Detective,
    Astronaut,
    Robot,
    Car,
    SportsCar,
    Train,
    Bicycle,
    Plane,
    Rocket,
    Balloon,
    House,
    Castle,
    Windmill,
    Pagoda,
    Tree,
    Flower,
    Cup,
    Teapot,
    Bottle,
    Jar,
    Watch,
    Phone,
    Lamp,
    Shoe,
    Bag,
    Headphones,
    Chair,
    Laptop,
    Camera,
    Book,
    Cake,
    Guitar,
    Lantern,
    Umbrella,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hour {
    Dawn,
    Day,
    Dusk,
    Night,
}

/// Weather, season, and what is in the air.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Air {
    Clear,
    Cloudy,
    Rain,
    Storm,
    Snow,
    Fog,
    Wind,
    Rainbow,
    Aurora,
    Stars,
    Spring,
    Summer,
    Autumn,
    Winter,
    Petals,
    Fireflies,
    Embers,
    Bubbles,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hue {
    Red,
    Orange,
    Gold,
    Green,
    Teal,
    Blue,
    Purple,
    Pink,
    White,
    Black,
    Silver,
    Brown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// No style named.
    Plain,
    Cinematic,
    Noir,
    Watercolor,
    Ink,
    Neon,
    Papercut,
    Vintage,
    Poster,
    Product,
    Storybook,
    Pixel,
    Comic,
    Minimal,
}

/// A camera move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Move {
    PanLeft,
    PanRight,
    TiltUp,
    TiltDown,
    PushIn,
    PullOut,
    Track,
    Orbit,
    Handheld,
    Aerial,
    Static,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mood {
    Calm,
    Joyful,
    Mysterious,
    Epic,
    Lonely,
    Romantic,
    Tense,
    Dreamy,
    Warm,
    Luxurious,
    Energetic,
}

/// One meaning, of one facet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sense {
    Place(Place),
    Thing(Thing),
    Hour(Hour),
    Air(Air),
    Hue(Hue),
    Style(Style),
    Move(Move),
    Mood(Mood),
    /// A longer word that holds a shorter one and means none of it: 上海 is no sea.
    Nothing,
}

/// One row of the vocabulary: all words of one meaning.
pub struct Entry {
    pub sense: Sense,
    pub en: &'static [&'static str],
    pub zh: &'static [&'static str],
}
