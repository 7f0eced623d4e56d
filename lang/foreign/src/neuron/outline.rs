//! `define_shape`: points for sections that have none, drawn as straight lines, as NEURON draws them.

use super::section::{Point3, SectionId};
use super::{Model, Wrong};

/// Between roots (um).
const APART: f32 = 100.0;

impl Model {
    /// Gives points to sections without any, and moves the points of others to where they hang.
    ///
    /// # Errors
    /// Too many points.
    pub fn define_shape(&mut self) -> Result<(), Wrong> {
        let all = self.all();
        let roots: Vec<SectionId> = all.into_iter().filter(|id| self.section(*id).parent.is_none()).collect();
        for (number, root) in roots.into_iter().enumerate() {
            for id in self.subtree(root) {
                let begin = match self.hangs_at(id) {
                    Some((at, _)) => at,
                    None => [0.0, 0.0, number as f32 * APART],
                };
                if self.section(id).points.is_empty() {
                    let angle = self.direction(id);
                    self.draw(id, begin, angle)?;
                } else if self.section(id).parent.is_some() {
                    self.move_to(id, begin);
                }
            }
        }
        Ok(())
    }

    /// Where a section hangs (um), and the way from the beginning to the end of what it hangs on, seen from there.
    fn hangs_at(&self, id: SectionId) -> Option<([f32; 3], [f32; 2])> {
        let link = self.section(id).parent?;
        let parent = self.section(link.section);
        let places = self.places(link.section);
        let (first, last) = (*places.first()?, *places.last()?);
        let arc = if parent.by_end() { 1.0 - link.x } else { link.x };
        let sign = if arc < 0.5 { -1.0 } else { 1.0 };
        let at = [0, 1, 2].map(|k| (f64::from(last[k]) * arc + f64::from(first[k]) * (1.0 - arc)) as f32);
        Some((at, [0, 1].map(|k| sign * (last[k] - first[k]))))
    }

    /// The angle in the plane of x and y at which a section is drawn.
    fn direction(&self, id: SectionId) -> f32 {
        let (Some(link), Some((_, [x, y]))) = (self.section(id).parent, self.hangs_at(id)) else { return 0.0 };
        let mut angle = if x.abs() < 1e-6 && y.abs() < 1e-6 { 0.0 } else { y.atan2(x) };
        if link.x > 0.0 && link.x < 1.0 {
            angle += std::f32::consts::FRAC_PI_2;
        }
        // Those that hang at one place fan out.
        let beside: Vec<SectionId> = self.children(link.section);
        let here: Vec<SectionId> =
            beside.into_iter().filter(|one| self.section(*one).parent.is_some_and(|other| other.x == link.x)).collect();
        if here.len() > 1 {
            let own = here.iter().position(|one| *one == id).unwrap_or(0);
            angle += own as f32 / (here.len() as f32 - 1.0) * 0.8 - 0.4;
        }
        angle
    }

    /// A straight line with a point at the middle of each segment, and at both ends.
    fn draw(&mut self, id: SectionId, begin: [f32; 3], angle: f32) -> Result<(), Wrong> {
        let (length, mut diams) = (self.length(id), self.diams(id));
        // The first point lies where the section hangs.
        if self.section(id).by_end() {
            diams.reverse();
        }
        let (Some(first), Some(last)) = (diams.first().copied(), diams.last().copied()) else { return Ok(()) };
        // The angle's functions are of single precision, too.
        let along = |of: fn(f64) -> f64| length * f64::from(of(f64::from(angle)) as f32);
        let end = [
            (f64::from(begin[0]) + along(bouton_model::math::cos)) as f32,
            (f64::from(begin[1]) + along(bouton_model::math::sin)) as f32,
            begin[2],
        ];
        let count = diams.len() as f64;
        let between = |fraction: f64| {
            let mix = |k: usize| (f64::from(begin[k]) * (1.0 - fraction) + f64::from(end[k]) * fraction) as f32;
            [mix(0), mix(1), begin[2]]
        };
        let mut points = vec![Point3 { at: begin, diam: first as f32 }];
        points.extend(
            diams.iter().enumerate().map(|(k, diam)| Point3 { at: between((k as f64 + 0.5) / count), diam: *diam as f32 }),
        );
        points.push(Point3 { at: end, diam: last as f32 });
        for point in points {
            self.add_point(id, point)?;
        }
        // Rounding of the points does not change the length.
        self.section_mut(id).stretched = Some(length);
        self.changed();
        Ok(())
    }

    /// Moves points as they are told; lengths stay as they were, as rounding would change them.
    fn move_to(&mut self, id: SectionId, begin: [f32; 3]) {
        let Some(first) = self.places(id).first().copied() else { return };
        let by = [0, 1, 2].map(|k| begin[k] - first[k]);
        let section = self.section_mut(id);
        (0..3).for_each(|k| section.moved[k] += by[k]);
    }

    /// Puts a point before that of a number.
    ///
    /// # Errors
    /// A number behind the last one, and too many points.
    pub fn insert_point(&mut self, id: SectionId, at: usize, point: Point3) -> Result<(), Wrong> {
        let count = self.section(id).points.len();
        if at > count {
            return Err(format!("{} has {count} points, and none of number {at}", self.section(id).name));
        }
        self.add_point(id, point)?;
        self.section_mut(id).points[at..].rotate_right(1);
        Ok(())
    }

    /// Takes a point away.
    pub fn remove_point(&mut self, id: SectionId, at: usize) {
        self.keep_places(id);
        let section = self.section_mut(id);
        if at < section.points.len() {
            section.points.remove(at);
        }
        self.changed();
    }
}
